/** What every server answers with, and is sent. */
export const PET = { name: 'Rex', age: 3, tags: ['good', 'small'], owner: { email: 'ann@example.com' } };
