/** Fields of a template that say what stands on paper, and can be tried before they are kept. The browser knows them too. */
export const onPaper = ['sender', 'intro', 'closing', 'terms', 'language', 'columns', 'accent'] as const;
