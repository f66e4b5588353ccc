import i18next from 'i18next';
import type { Json, MetaField } from '../../engine/index.ts';
import { viewOf } from '../../fields/views.ts';
import { Labelled } from '../../kit/Input.tsx';
import { t } from '../../kit/words.ts';

interface FormFieldsProps {
  fields: MetaField[];
  values: Record<string, Json>;
  problems: Record<string, string>;
  onChange(name: string, value: Json): void;
  focusFirst?: boolean;
}

/** Labels above, one column, problems where they are. */
export function FormFields({ fields, values, problems, onChange, focusFirst }: FormFieldsProps) {
  const made = ({ fallback }: MetaField) => {
    const labels = fields.flatMap(({ name, label }) => (fallback?.includes(name) ? [label] : []));
    const list = new Intl.ListFormat(i18next.language, { type: 'disjunction' }).format(labels);
    return labels.length > 0 ? t('form.made', { fields: list }) : null;
  };
  return fields.map((field, index) => {
    const { Edit } = viewOf(field.type);
    const id = `form-${field.name}`;
    return (
      <Labelled
        key={field.name}
        label={field.label}
        htmlFor={id}
        required={field.required && field.fallback === null}
        help={field.help ?? made(field)}
        error={problems[field.name]}
      >
        <Edit
          id={id}
          place="form"
          field={field}
          autoFocus={focusFirst && index === 0}
          value={values[field.name] ?? null}
          record={values}
          error={problems[field.name]}
          onChange={value => onChange(field.name, value)}
        />
      </Labelled>
    );
  });
}
