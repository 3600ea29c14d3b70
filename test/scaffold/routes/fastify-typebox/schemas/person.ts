import { type Static, Type } from '@sinclair/typebox';

export const Person = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    name: Type.String({ minLength: 1, maxLength: 60 }),
    email: Type.Optional(Type.String({ format: 'email' })),
    role: Type.Union([Type.Literal('admin'), Type.Literal('member')]),
    age: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
  },
  { description: 'Somebody who works here.' },
);

export const NewPerson = Type.Omit(Person, ['id']);
export const PersonChange = Type.Partial(NewPerson);
export const PersonParams = Type.Object({ personId: Type.String({ format: 'uuid' }) });
export const Failure = Type.Object({ error: Type.String() });

export type PersonType = Static<typeof Person>;
