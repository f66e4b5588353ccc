import { Link } from '@tanstack/react-router';
import { relatively } from '../../../fields/moments.tsx';
import { useFieldServices } from '../../../fields/view.ts';
import { Avatar } from '../../../kit/Avatar.tsx';
import { Icon } from '../../../kit/Icon.tsx';
import { t } from '../../../kit/words.ts';
import { fieldOf, objectNamed, useMeta } from '../../../web/model/meta.tsx';
import { Value } from '../../../web/records/Value.tsx';
import s from './Briefing.module.css';
import type { BriefingAnswer } from './briefing.ts';

/** Who they are, how to reach them, what matters to them, and who knows them. */
export function BriefedPerson({ person }: { person: BriefingAnswer['people'][number] }) {
  const services = useFieldServices();
  const { id, title, jobTitle, company, email, phone, personal, birthday, lastTouch, knownBy } = person;
  const object = objectNamed(useMeta(), 'person');
  const [phoneField, emailField] = ['phone', 'email'].map(name => object && fieldOf(object, name));
  const role = [jobTitle, company?.title].filter(Boolean).join(', ');
  return (
    <article className={s.person}>
      <Avatar id={id} title={title} round size={40} />
      <div className={s.about}>
        <Link to="/$object/$id" params={{ object: 'people', id }} className={s.name}>
          {title}
        </Link>
        {role && <p className={s.role}>{role}</p>}
        <p className={s.reach}>
          {[phoneField, emailField].map(
            field =>
              field && <Value key={field.name} row={{ phone, email } as never} field={field} place="full" />,
          )}
        </p>
        {personal && (
          <p className={s.personal}>
            <Icon name="note" size={14} label={t('briefing.personal')} />
            <span dir="auto">{personal}</span>
          </p>
        )}
        <p className={s.fine}>
          {birthday && (
            <span className={s.birthday}>
              <Icon name="cake" size={14} />
              {t('briefing.birthday', { when: relatively(birthday, services) })}
            </span>
          )}
          {lastTouch
            ? t('briefing.lastTouch', { when: relatively(lastTouch, services) })
            : t('briefing.noTouch')}
        </p>
        {knownBy.length > 0 && (
          <ul className={s.known} aria-label={t('briefing.knownBy')}>
            {knownBy.map(colleague => (
              <li key={colleague.id}>
                <Avatar id={colleague.id} title={colleague.title} round size={16} />
                {colleague.title}
                <meter
                  className={s.closeness}
                  min={0}
                  max={100}
                  value={colleague.closeness}
                  title={t('briefing.closeness', { closeness: colleague.closeness })}
                >
                  {colleague.closeness}
                </meter>
              </li>
            ))}
          </ul>
        )}
      </div>
    </article>
  );
}
