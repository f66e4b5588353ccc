/** What other systems call tasks, calls, meetings and notes. */
import type { ImportingSpec } from '../../engine/index.ts';
import { importWords } from '../people/module.ts';

const { made, owner, ownerId, rowId, technical } = importWords;

const about = {
  'about@id': 'WhoId|WhatId|Who_Id.id|What_Id.id|Who Id|What Id',
  'about@id:person':
    'Contact ID|contact_id|Associated Contact IDs|Contact Name.id|Person ID|Contact person ID',
  'about@id:company': 'AccountId|Account ID|Associated Company IDs|Organization ID|Company ID',
  'about@id:deal': 'Deal ID|Associated Deal IDs|Opportunity ID',
};
const notes =
  'Description|Notes|Note|Comments|Comment|Full Comments|Body|Content|Details|Beschreibung|Notizen|Notiz|Kommentar|Kommentare|Commentaires|Remarque|Descripción|Notas|Descrizione|Notiz (Inhalt)|Opis|説明|メモ';

/** A file of another system becomes a note about what it is attached to, which says what it is called. */
const attached = `${technical}|Body|IsPrivate|ContentType|BodyLength|BodyLengthCompressed|FileExtension|FileType|PathOnClient|ContentSize|IsLatest|VersionNumber|ContentUrl|ContentBodyId|ContentModifiedDate|ContentModifiedById|SharingOption|SharingPrivacy|PublishStatus|RatingCount|PositiveRatingCount|NegativeRatingCount|FeaturedContentBoost|FeaturedContentDate|Origin|ContentLocation|TextPreview|Checksum|IsMajorVersion|IsAssetEnabled|VersionData|VersionDataUrl|ExternalDocumentInfo1|ExternalDocumentInfo2|ExternalDataSourceId|NetworkId|LastViewedDate|ReasonForChange|ConnectionReceivedId|ConnectionSentId|TagCsv`;

/** What Salesforce calls kinds of files (`ContentVersion.FileType`). */
const kinds = {
  PDF: 'application/pdf',
  PNG: 'image/png',
  JPG: 'image/jpeg',
  JPEG: 'image/jpeg',
  GIF: 'image/gif',
  SVG: 'image/svg+xml',
  TEXT: 'text/plain',
  CSV: 'text/csv',
  HTML: 'text/html',
  XML: 'application/xml',
  ZIP: 'application/zip',
  MP3: 'audio/mpeg',
  MP4: 'video/mp4',
  RTF: 'application/rtf',
  SNOTE: 'text/x-snote',
  WORD: 'application/msword',
  WORD_X: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  EXCEL: 'application/vnd.ms-excel',
  EXCEL_X: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  POWER_POINT: 'application/vnd.ms-powerpoint',
  POWER_POINT_X: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
};

export const importing: ImportingSpec = {
  // Of a file that was replaced there, the last version comes.
  trash: { columns: 'IsLatest', values: 'false|0' },
  systems: [
    {
      name: 'message',
      label: 'E-mail',
      least: 3,
      marks: 'Message-ID|In-Reply-To|From name|References|Reply-To|Bcc',
    },
  ],
  objects: [
    {
      object: 'task',
      called:
        'task|tasks|activity|activities|to do|todos|Aufgabe|Aufgaben|Aktivität|Aktivitäten|Tâches|Tâche|Activités|Tareas|Tarea|Actividades|Attività|Tarefas|Atividades|Taken|Activiteiten|Zadania|Úkoly|Aktivity|Uppgifter|Aktiviteter|タスク|活動',
      columns: {
        '@id': `${rowId}|Task ID|Activity ID`,
        subject:
          'Subject|Task Name|Task Title|Title|Activity Title|Name|Activity|Summary|Betreff|Titel|Aufgabe|Sujet|Objet|Titre|Asunto|Título|Oggetto|Assunto|Onderwerp|Temat|Předmět|Ämne|件名',
        status: 'Status|Task Status|Done|Statut|Estado|Stato|ステータス',
        dueAt:
          "Due Date|Due|Due date|ActivityDate|Activity Date|Date Due|date_due|dateEnd|Due On|Fällig am|Fälligkeitsdatum|Fälligkeit|Date d'échéance|Échéance|Fecha de vencimiento|Data di scadenza|Scadenza|Data de vencimento|Vervaldatum|Termin|Termín|Förfallodatum|期日",
        priority: 'Priority|Priorität|Priorité|Prioridad|Priorità|Prioridade|Prioriteit|優先度',
        owner: `${owner}|Activity assigned to|Activity Owner|Task Owner|Assigned to user`,
        'owner@id': ownerId,
        ...about,
        notes,
        ...made,
        '-': `${technical}|IsClosed|IsHighPriority|IsArchived|EmailMessageId|ActivityOriginType|CallObject|CompletedDateTime`,
        '+': 'Activity Type|Type',
      },
      links: { about: { missing: 'empty' } },
      values: {
        status: {
          open: 'Not Started|Offen|Nicht begonnen|Non commencée|No iniciada|Deferred|To do|No|Planned',
          inProgress: 'In Progress|Waiting on someone else|In Bearbeitung|En cours|En curso',
          done: 'Completed|Complete|Erledigt|Abgeschlossen|Terminée|Terminé|Completada|Completata|Yes|Done|完了',
        },
        priority: {
          low: 'Lowest|Niedrig|Basse|Baja',
          normal: 'Medium|Mittel|Moyenne|Media',
          high: 'Hoch|Haute|Alta',
          urgent: 'Highest|Dringend',
        },
      },
    },
    {
      object: 'email',
      formats: ['mbox', 'eml'],
      called:
        'email|emails|mail|mails|message|messages|inbox|sent|mbox|eml|EmailMessage|Email Messages|E-Mails|Nachrichten|Posteingang|Courriels',
      columns: {
        '@id': 'Message-ID|Message ID|Email ID|Id',
        subject: 'Subject|Betreff|Objet|Asunto|Oggetto|件名',
        sender: 'From|From Address|FromAddress|Sender|From: (Address)|Von|De|Email|E-mail',
        senderName: 'From name|FromName|From: (Name)|Sender name',
        recipients: 'To|To Address|ToAddress|Recipients|To: (Address)|An',
        copies: 'Cc|CcAddress|CC: (Address)',
        sentAt: 'Date|Sent|Sent at|MessageDate|Message Date|Email Sent Date|Datum|Gesendet',
        text: 'Text|Body|TextBody|Email Body|Message',
        attachments: 'Attachments',
        replyTo: 'In-Reply-To',
        owner,
        'owner@id': ownerId,
        'about@id': 'RelatedToId',
        ...made,
        '-': `References|Bcc|Reply-To|${technical}|ParentId|ActivityId|HtmlBody|Headers|BccAddress|Incoming|HasAttachment|Status|MessageSize|ReplyToEmailMessageId|IsPrivateDraft|IsExternallyVisible|MessageIdentifier|ThreadIdentifier|ClientThreadIdentifier|IsClientManaged|IsTracked|FirstOpenedDate|LastOpenedDate|IsBounced|EmailTemplateId`,
      },
      told: { about: { of: ['sender', 'recipients', 'copies'], object: 'person', by: 'email' } },
    },
    {
      object: 'call',
      called: 'call|calls|Anruf|Anrufe|Appels|Llamadas|Chiamate|Ligações',
      columns: {
        '@id': `${rowId}|Call ID`,
        subject: 'Subject|Call Title|Title|Name|Betreff|Objet|Asunto',
        direction: 'Call Type|Direction|Call Direction|CallType|Richtung',
        outcome: 'Call Outcome|Outcome|Call Result|CallDisposition|Ergebnis|Status',
        startedAt:
          'Call Start Time|Start Time|Date|Call Date|Activity Date|date_start|Date Start|dateStart|Datum|Beginn',
        duration: 'Duration|Call Duration|Call Duration (in seconds)|Dauer',
        owner,
        'owner@id': ownerId,
        ...about,
        notes,
        ...made,
        '-': technical,
      },
      values: { direction: { outbound: 'Outgoing|Ausgehend', inbound: 'Incoming|Eingehend' } },
    },
    {
      object: 'meeting',
      called:
        'meeting|meetings|event|events|appointment|appointments|Termin|Termine|Besprechungen|Rendez-vous|Réunions|Reuniones|Eventi|Kalender|Calendar|予定',
      columns: {
        '@id': `${rowId}|Event ID|Meeting ID`,
        subject: 'Subject|Title|Meeting Title|Name|Summary|Betreff|Titel|Objet|Asunto|Oggetto|件名',
        startsAt:
          'Start|StartDateTime|ActivityDateTime|Start Time|Start DateTime|From|date_start|dateStart|Start Date|Activity Date|Beginn|Beginnt am|Début|Inicio|Inizio|開始',
        endsAt:
          'End|EndDateTime|End Time|End DateTime|To|date_end|dateEnd|End Date|Ende|Endet am|Fin|Fine|終了',
        'endsAt.minutes':
          'DurationInMinutes|Duration|Duration (minutes)|Duration in minutes|Duration minutes|duration_minutes|Meeting duration|Dauer|Dauer (Minuten)|Durée|Duración|Durata|Duração|Duur|Length',
        'endsAt.hours': 'duration_hours|Duration hours|Duration (hours)|Dauer (Stunden)',
        place: 'Location|Place|Venue|Ort|Lieu|Lugar|Luogo|場所',
        owner: `${owner}|Organizer|Host`,
        'owner@id': ownerId,
        ...about,
        notes,
        ...made,
        '-': `${technical}|IsArchived|IsChild|IsGroupEvent|GroupEventType|ShowAs|IsPrivate|ProposedEventTimeframe`,
      },
      after: { endsAt: 'startsAt' },
    },
    {
      object: 'note',
      called: 'note|notes|Notiz|Notizen|Notas|Appunti|ノート',
      columns: {
        '@id': `${rowId}|Note ID`,
        subject: 'Title|Note Title|Subject|Titel|Titre|Título',
        body: 'Body|Content|Note Content|Note|Note Body|Text|Notes|Notiz|Inhalt|Contenu|Contenido|Contenuto|内容',
        owner: `${owner}|Author|Autor|Note owner`,
        'owner@id': ownerId,
        'about@id': 'ParentId|Parent ID|Parent_Id.id',
        'about@id:person': 'Contact ID|Person ID|Associated Contact IDs',
        'about@id:company': 'Account ID|Organization ID|Company ID|Associated Company IDs',
        'about@id:deal': 'Deal ID|Opportunity ID|Associated Deal IDs',
        ...made,
        '-': `${technical}|IsPrivate`,
      },
    },
    {
      object: 'note',
      byName: true,
      withContents: true,
      called: 'Attachment|Attachments',
      columns: {
        '@id': 'Id',
        body: 'Name',
        'owner@id': ownerId,
        'about@id': 'ParentId',
        ...made,
        '-': attached,
      },
      links: { about: { missing: 'fail' } },
      contents: { field: 'files', id: 'Id', name: 'Name', mediaType: 'ContentType', body: 'Body' },
    },
    {
      object: 'note',
      byName: true,
      withContents: true,
      called: 'ContentVersion',
      columns: {
        '@id': 'ContentDocumentId',
        body: 'Title',
        'owner@id': ownerId,
        'about@id': 'FirstPublishLocationId',
        ...made,
        '-': `Id|${attached}`,
      },
      // Where it lies first may be someone's own folder; the links of the document follow.
      links: { about: { missing: 'empty', quiet: true, add: true } },
      contents: {
        field: 'files',
        id: 'Id',
        name: 'PathOnClient|Title',
        mediaType: 'FileType',
        body: 'VersionData',
        kinds,
        pages: { kinds: [kinds.SNOTE], field: 'body', heading: 'subject' },
      },
    },
    {
      object: 'note',
      byName: true,
      withContents: true,
      mode: 'update',
      called: 'ContentDocumentLink',
      columns: {
        '@id': 'ContentDocumentId',
        'about@id': 'LinkedEntityId',
        '-': `Id|${technical}|ShareType|Visibility`,
      },
      links: { about: { missing: 'empty', add: true } },
    },
  ],
};
