declare module 'virtual:field-examples' {
  const examples: import('../../src/fields/views.stories.tsx').FieldExample[];
  export default examples;
}
