/** Text with its marks shown. Nothing of it becomes HTML: each mark is an element of ours, what is no mark is text. */
import { Marked, type Token, type Tokens } from 'marked';
import { type ReactNode, use } from 'react';
import { Icon } from '../kit/Icon.tsx';
import s from './markdown.module.css';
import { MentionNames } from './mentions.ts';

const reader = new Marked({ gfm: true, breaks: true });
// Plain text that came from elsewhere is indented and underlined without meaning code and headings by it.
reader.use({ tokenizer: { code: () => undefined, lheading: () => undefined } });

function Named({ id, text }: { id: string; text: string }) {
  return <span className={s.mention}>@{use(MentionNames).get(id) ?? text.replace(/^@/, '')}</span>;
}

function Anchor({ href, text, children }: { href: string; text: string; children: ReactNode }) {
  const [, id] = /^user:([0-9a-f-]{36})$/i.exec(href) ?? [];
  if (id) return <Named id={id.toLowerCase()} text={text} />;
  // No other kind of address is followed: a text may come from anyone.
  if (!/^(https?:|mailto:|tel:)/i.test(href)) return children;
  return (
    <a href={href} target="_blank" rel="noreferrer noopener">
      {children}
    </a>
  );
}

function Item({ item }: { item: Tokens.ListItem }) {
  return (
    <li data-task={item.task || undefined}>
      <Several of={item.tokens} />
    </li>
  );
}

function One({ token }: { token: Token }): ReactNode {
  const inner = 'tokens' in token && token.tokens ? <Several of={token.tokens} /> : null;
  switch (token.type) {
    case 'space':
    case 'def':
      return null;
    case 'br':
      return <br />;
    case 'hr':
      return <hr />;
    case 'paragraph':
      return <p>{inner}</p>;
    case 'heading':
      return <p className={s.heading}>{inner}</p>;
    case 'strong':
      return <strong>{inner}</strong>;
    case 'em':
      return <em>{inner}</em>;
    case 'del':
      return <del>{inner}</del>;
    case 'blockquote':
      return <blockquote>{inner}</blockquote>;
    case 'codespan':
      return <code>{token.text}</code>;
    case 'code':
      return <pre>{token.text}</pre>;
    case 'checkbox':
      return <Icon name={token.checked ? 'checkbox' : 'square'} size={14} />;
    case 'link':
      return (
        <Anchor href={String(token.href)} text={String(token.text)}>
          {inner}
        </Anchor>
      );
    case 'list': {
      const { ordered, start, items } = token as Tokens.List;
      // biome-ignore lint/suspicious/noArrayIndexKey: the text is read anew whenever it changes.
      const all = items.map((item, index) => <Item key={index} item={item} />);
      return ordered ? <ol start={start === '' ? 1 : start}>{all}</ol> : <ul>{all}</ul>;
    }
    case 'text':
    case 'escape':
      return inner ?? token.text;
    default:
      return token.raw;
  }
}

function Several({ of }: { of: Token[] }) {
  // biome-ignore lint/suspicious/noArrayIndexKey: the text is read anew whenever it changes.
  return of.map((token, index) => <One key={index} token={token} />);
}

export default function Markdown({ text }: { text: string }) {
  return (
    <div className={s.text} dir="auto">
      <Several of={reader.lexer(text)} />
    </div>
  );
}
