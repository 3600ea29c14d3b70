import type { CodeCatalogue } from '../core/diagnostic.ts';

export const SCAFFOLD_CODES: CodeCatalogue = {
  SCF001: {
    title: 'The document cannot be read',
    help: 'Check the path; it must be a file you may read, or - for standard input.',
  },
  SCF002: {
    title: 'The document is not valid YAML or JSON',
    help: 'Mend the text at the line that the message names.',
  },
  SCF003: {
    title: 'The document is not an OpenAPI document of a version we read',
    help: 'Swagger 2.0 and OpenAPI 3.0, 3.1 and 3.2 are read.',
  },
  SCF004: {
    title: 'The document is larger or deeper than we are willing to read',
    help: 'Split the document; the message names the limit.',
  },
  SCF005: {
    title: 'A reference leads nowhere',
    help: 'Mend the $ref, or add what it points to.',
  },
  SCF006: {
    title: 'A reference leads outside what may be read',
    help: 'Name the permission with --allow-refs or --allow-network, if you trust the document.',
  },
  SCF007: {
    title: 'A part of the document is not what the specification says it must be',
    help: 'Mend the part that the JSON pointer names.',
  },
  SCF008: {
    title: 'A keyword is not enforced by the generated code',
    help: 'Check it in the handler.',
  },
  SCF009: {
    title: 'Path and path parameters do not agree',
    help: 'Declare each {name} of the path as a required path parameter, and no other.',
  },
  SCF010: {
    title: 'Two operations answer the same method and path',
    help: 'The first whose path parameters validate answers; give them paths that differ.',
  },
  SCF011: {
    title: 'A default does not fit its own schema',
    help: 'The default is left out; mend it in the document.',
  },
  SCF012: {
    title: 'A schema includes itself without anything in between',
    help: 'The circle is cut where the message says; break it in the document.',
  },
  SCF013: {
    title: 'Two operations have the same operationId',
    help: 'A number is put behind the later one; give each operation its own.',
  },
  SCF014: {
    title: 'A schema says what its parts are, but not its type',
    help: 'Add the type; until then the one that the keywords speak of is assumed.',
  },
  SCF020: {
    title: 'An operation is no longer in the document',
    help: 'Its handler is kept as you wrote it; remove it when you need it no more.',
  },
  SCF030: {
    title: 'An error schema of the contract cannot hold our errors',
    help: 'Such errors are answered in the envelope; --errors decides for one shape everywhere.',
  },
  SCF040: {
    title: 'A security scheme is of no kind that a request could satisfy',
    help: 'Operations that need it refuse every request; mend its type, or the member that the message names.',
  },
  SCF041: {
    title: 'An operation requires a security scheme that is not declared',
    help: 'What needs it is refused; declare the scheme under components/securitySchemes or securityDefinitions.',
  },
  SCF042: {
    title: 'The package.json of the project lacks something that new files need',
    help: 'Your package.json is not touched; install what the message names.',
  },
  SCF050: {
    title: 'A pattern could take for ever to match, and is not enforced',
    help: 'Write it without backreferences, lookarounds and overlapping repetitions, or check it in the handler.',
  },
  SCF051: {
    title: 'Patterns are matched by re2js, which the service needs',
    help: 'Add re2js to the dependencies of the service.',
  },
  SCF052: {
    title: 'A schema includes so many others that no value could be judged in time',
    help: 'Include each schema once; schemas in allOf, anyOf and oneOf count wherever they are included.',
  },
  SCF053: {
    title: 'Too many paths of different tags match the same requests',
    help: 'Give operations whose paths overlap the same tag.',
  },
  SCF060: {
    title: 'The database has nothing to serve',
    help: 'Check --schemas, --tables and --exclude; at least one table or view must be left.',
  },
  SCF061: {
    title: 'Nothing says what to generate from, or two things do',
    help: 'Name an OpenAPI document, or a database with --from-db.',
  },
  SCF070: {
    title: 'The folder of routes cannot be read',
    help: 'Name a folder that you may read and that holds the routes.',
  },
  SCF071: {
    title: 'A source is not read',
    help: 'What it registers is missing from the document; the message says why.',
  },
  SCF072: {
    title: 'A source is followed only in part',
    help: 'It is larger or nested deeper than routes are; check what the document says of it.',
  },
  SCF073: {
    title: 'An import leads outside the folder',
    help: 'Nothing outside is read; name a folder that holds both files, if it matters.',
  },
  SCF074: {
    title: 'A route has no counterpart in the document',
    help: 'Its path or method is decided when the program runs, or OpenAPI has no words for it; write it by hand.',
  },
  SCF075: {
    title: 'What is mounted cannot be told',
    help: 'Name a folder that holds it too, or write its routes by hand.',
  },
  SCF076: {
    title: 'A schema cannot be told from the sources',
    help: 'Give it a type or a schema in the sources, or write it by hand in the document: it is kept.',
  },
  SCF077: {
    title: 'Schemas of a package are not read',
    help: 'Zod, TypeBox, Joi, Yup, express-validator and JSON Schema are; write the others by hand in the document: they are kept.',
  },
  SCF078: {
    title: 'What an operation answers cannot be told',
    help: 'Answer in the handler, or write the answers by hand in the document: they are kept.',
  },
  SCF079: {
    title: 'A contract cannot say what a schema in code does',
    help: 'The document leaves it out; say it in a description if clients have to know it.',
  },
  SCF080: {
    title: 'Nothing in the folder leads to a router',
    help: 'Name a folder that also holds what mounts it, or check whether it is still used.',
  },
  SCF081: {
    title: 'Two routes take the same requests',
    help: 'The first that is registered answers; remove the other.',
  },
  SCF082: {
    title: 'The document says something that the sources do not',
    help: 'It is kept; remove it from the document when it is no longer so.',
  },
  SCF083: {
    title: 'No routes were found',
    help: 'Name the folder that registers them; --framework says what for where the sources do not.',
  },
  SCF084: {
    title: 'A part of the document is not what the sources say',
    help: 'The sources count; if the document was right, mend the sources.',
  },
  SCF085: {
    title: 'The document cannot be written',
    help: 'Choose another place with --output; a file that is there must be an OpenAPI document of version 3.',
  },
  SCF086: {
    title: 'Credentials seem to be asked for, and how cannot be told',
    help: 'Write the security of the operation by hand in the document: it is kept.',
  },
  SCF087: {
    title: 'The anchors and aliases of the document were written out',
    help: 'Each place has a copy of its own now; components and $ref are the way to say something once.',
  },
};
