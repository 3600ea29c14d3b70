import { dirname, relative, sep } from 'node:path';
import type { Program } from 'oxc-parser';
import type { Diagnostic } from '../../../core/diagnostic.ts';
import { readSourceFolder, type SourceFolder } from './files.ts';
import { makeClass } from './interpret/classes.ts';
import { evaluate, importOf } from './interpret/evaluate.ts';
import { functionOf, hoist } from './interpret/hoist.ts';
import { Interpreter, type PackageModel } from './interpret/interpreter.ts';
import { bindingValue } from './interpret/members.ts';
import { DEFAULT_EXPORT, executeAll } from './interpret/statements.ts';
import { type Alias, ImportPaths, usualAliases } from './paths.ts';
import { Scope, type TypeDeclaration } from './scope.ts';
import { isParsed, loadParser, type Parse, type SourceFile } from './source-file.ts';
import { constant, external, native, type ObjectValue, UNKNOWN, type Value } from './value.ts';

/** A file of the folder once it was followed, or while it is. */
export interface Module {
  readonly file: SourceFile;
  readonly scope: Scope;
  /** What CommonJS exports; the value of `module.exports`. */
  readonly commonjs: { exports: Value };
  /** Exports by name: how the value is found. */
  readonly exports: Map<string, () => Value>;
  readonly types: Map<string, () => TypeDeclaration | undefined>;
  /** Modules whose exports are this one's too. */
  readonly stars: string[];
  state: 'known' | 'following' | 'followed';
}

/** A folder of sources whose names can be followed from file to file. */
export class Project {
  readonly folder: SourceFolder;
  readonly interpreter: Interpreter;
  readonly diagnostics: Diagnostic[] = [];
  readonly #parse: Parse;
  readonly #paths: ImportPaths;
  readonly #modules = new Map<string, Module | undefined>();

  constructor(
    folder: SourceFolder,
    parse: Parse,
    packages: ReadonlyMap<string, PackageModel>,
    aliases: readonly Alias[],
  ) {
    this.folder = folder;
    this.#parse = parse;
    this.#paths = new ImportPaths(folder, [...aliases, ...usualAliases(folder.root)]);
    this.interpreter = new Interpreter(this, packages);
    this.diagnostics.push(...folder.diagnostics);
  }

  /** The files that may register routes, in order: no tests, no JSON. */
  get files(): string[] {
    return [...this.folder.texts.keys()].filter(
      (file) =>
        !/\.json$|\.(?:test|spec)\.\w+$|[\\/]__(?:tests|mocks)__[\\/]/.test(
          file.slice(this.folder.root.length),
        ),
    );
  }

  /** As a person would write a file's path. */
  shown(path: string): string {
    return `${this.folder.shown}/${relative(this.folder.root, path).split(sep).join('/')}`;
  }

  /** A file with its names declared, not yet followed; undefined when it cannot be parsed. */
  module(path: string): Module | undefined {
    if (this.#modules.has(path)) return this.#modules.get(path);
    const text = this.folder.texts.get(path) ?? '';
    const isJson = path.endsWith('.json');
    const parsed = this.#parse(isJson ? `${path}.js` : path, this.shown(path), isJson ? `(${text}\n)` : text);
    if (!isParsed(parsed)) this.diagnostics.push(parsed);
    const module = isParsed(parsed) ? this.#declare(parsed) : undefined;
    if (module !== undefined && isJson) module.commonjs.exports = jsonOf(module);
    this.#modules.set(path, module);
    return module;
  }

  #declare(file: SourceFile): Module {
    const frame = { interpreter: this.interpreter, file, returns: [], ends: [], depth: 0 };
    const exports: ObjectValue = { kind: 'object', properties: new Map(), open: false };
    const module: Module = {
      file,
      scope: new Scope(frame),
      commonjs: { exports },
      exports: new Map(),
      types: new Map(),
      stars: [],
      state: 'known',
    };
    const { scope, commonjs } = module;
    scope.set('exports', exports);
    scope.set('module', {
      kind: 'host',
      host: {
        name: 'module',
        member: (name) => (name === 'exports' ? commonjs.exports : UNKNOWN),
        assign: (name, value) => {
          if (name === 'exports') commonjs.exports = value;
        },
      },
    });
    scope.set(
      'require',
      native('require', ([specifier = UNKNOWN], site) => importOf(specifier, site.scope)),
    );
    scope.set('__dirname', constant(dirname(file.path)));
    scope.set('__filename', constant(file.path));
    hoist(file.program.body, scope);
    for (const statement of file.program.body) this.#declareModuleNames(statement, module);
    return module;
  }

  #declareModuleNames(statement: Program['body'][number], module: Module): void {
    if (statement.type === 'ImportDeclaration') this.#declareImports(statement, module);
    else if (statement.type === 'TSImportEqualsDeclaration') {
      const { moduleReference, id } = statement;
      if (moduleReference.type !== 'TSExternalModuleReference') return;
      const specifier = moduleReference.expression.value;
      module.scope.bindings.set(id.name, { pending: () => this.importNamed(specifier, module.file) });
    } else if (statement.type === 'ExportNamedDeclaration') this.#declareExports(statement, module);
    else if (statement.type === 'ExportAllDeclaration') {
      const specifier = statement.source.value;
      if (statement.exported === null) module.stars.push(specifier);
      else module.exports.set(nameOf(statement.exported), () => this.importNamed(specifier, module.file));
    } else if (statement.type === 'ExportDefaultDeclaration') declareDefault(statement, module);
  }

  #declareImports(
    { specifiers, source }: Extract<Program['body'][number], { type: 'ImportDeclaration' }>,
    { scope, file }: Module,
  ): void {
    for (const specifier of specifiers ?? []) {
      const name = specifier.local.name;
      const imported =
        specifier.type === 'ImportSpecifier'
          ? nameOf(specifier.imported)
          : specifier.type === 'ImportDefaultSpecifier'
            ? 'default'
            : undefined;
      scope.bindings.set(name, {
        pending: () => {
          const from = this.importNamed(source.value, file);
          return imported === undefined ? from : this.#memberOfImport(from, imported);
        },
      });
      if (imported !== undefined)
        scope.types.set(name, () => this.#importedType(source.value, file, imported));
    }
  }

  #memberOfImport(from: Value, name: string): Value {
    if (from.kind === 'module') return this.exportOf(from.module, name);
    if (from.kind === 'external')
      return name === 'default' ? from : external(from.package, ...from.path, name);
    return from.kind === 'object' && name !== 'default' ? (from.properties.get(name) ?? UNKNOWN) : from;
  }

  #importedType(specifier: string, from: SourceFile, name: string): TypeDeclaration | undefined {
    const found = this.#paths.resolve(specifier, from.path);
    const module = typeof found === 'object' ? this.module(found.file) : undefined;
    return module === undefined ? undefined : this.#typeOf(module, name, new Set());
  }

  #typeOf(module: Module, name: string, seen: Set<Module>): TypeDeclaration | undefined {
    if (seen.has(module)) return undefined;
    seen.add(module);
    const own =
      module.types.get(name)?.() ?? (name === 'default' ? undefined : module.scope.types.get(name)?.());
    if (own !== undefined) return own;
    for (const star of module.stars) {
      const found = this.#paths.resolve(star, module.file.path);
      const other = typeof found === 'object' ? this.module(found.file) : undefined;
      const type = other === undefined ? undefined : this.#typeOf(other, name, seen);
      if (type !== undefined) return type;
    }
    return undefined;
  }

  #declareExports(
    statement: Extract<Program['body'][number], { type: 'ExportNamedDeclaration' }>,
    module: Module,
  ): void {
    const { declaration, specifiers, source } = statement;
    for (const name of declaration === null ? [] : declaredNames(declaration)) {
      module.exports.set(name, () => bindingValue(module.scope, name) ?? UNKNOWN);
    }
    for (const { local, exported } of specifiers) {
      const [inside, outside] = [nameOf(local), nameOf(exported)];
      if (source === null) {
        module.exports.set(outside, () => bindingValue(module.scope, inside) ?? UNKNOWN);
        module.types.set(outside, () => module.scope.findType(inside));
      } else {
        module.exports.set(outside, () =>
          this.#memberOfImport(this.importNamed(source.value, module.file), inside),
        );
        module.types.set(outside, () => this.#importedType(source.value, module.file, inside));
      }
    }
  }

  /** Follows a file from its first statement to its last, once. */
  follow(module: Module): void {
    if (module.state !== 'known') return;
    module.state = 'following';
    const { file, scope } = module;
    // What is imported for what it does alone is done first.
    for (const statement of file.program.body) {
      if (statement.type === 'ImportDeclaration' && statement.specifiers.length === 0)
        this.importNamed(statement.source.value, file);
    }
    const { interpreter } = this;
    // What a file does does not depend on where the import of it stands.
    const [uncertain, nesting, calls] = [
      interpreter.uncertain,
      interpreter.nesting,
      interpreter.calls.splice(0),
    ];
    [interpreter.uncertain, interpreter.nesting] = [0, Math.min(nesting, 300)];
    interpreter.within({ file, node: file.program }, this.shown(file.path), () =>
      executeAll(file.program.body, scope),
    );
    [interpreter.uncertain, interpreter.nesting] = [uncertain, nesting];
    interpreter.calls.push(...calls);
    module.state = 'followed';
  }

  /** What `import * as x from specifier` gives. */
  importNamed(specifier: string, from: SourceFile): Value {
    const found = this.#paths.resolve(specifier, from.path);
    if (found === 'package') return external(specifier.replace(/^node:/, ''));
    if (found === 'outside') {
      this.#reportOutside(specifier, from);
      return UNKNOWN;
    }
    const module = this.module(found.file);
    if (module === undefined) return UNKNOWN;
    this.follow(module);
    return isEsm(module) ? { kind: 'module', module } : module.commonjs.exports;
  }

  readonly #outside = new Set<string>();

  #reportOutside(specifier: string, file: SourceFile): void {
    const key = `${specifier} ${file.path}`;
    if (this.#outside.has(key)) return;
    this.#outside.add(key);
    const at = Math.max(
      0,
      file.text.search(new RegExp(`['"\`]${specifier.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&')}`)),
    );
    this.interpreter.report(
      'SCF073',
      'info',
      `${JSON.stringify(specifier)} is not a file of ${this.folder.shown}`,
      {
        file,
        node: { start: at, end: at },
      },
    );
  }

  /** What a file exports under a name. */
  exportOf(module: Module, name: string, seen: Set<Module> = new Set()): Value {
    if (seen.has(module)) return UNKNOWN;
    seen.add(module);
    this.follow(module);
    const own = module.exports.get(name);
    if (own !== undefined) return own();
    for (const star of name === 'default' ? [] : module.stars) {
      const from = this.importNamed(star, module.file);
      const value =
        from.kind === 'module' ? this.exportOf(from.module, name, seen) : this.#memberOfImport(from, name);
      if (value.kind !== 'unknown') return value;
    }
    return UNKNOWN;
  }

  /** What a file that was followed exports, of both kinds. */
  exportsOf(module: Module): [string, Value][] {
    const found: [string, Value][] = [...module.exports].map(([name, value]) => [name, value()]);
    const { exports } = module.commonjs;
    if (exports.kind === 'object' && exports.class === undefined) found.push(...exports.properties);
    else found.push(['module.exports', exports]);
    return found;
  }

  /** `export = value` */
  assignExports(file: SourceFile, value: Value): void {
    const module = this.#modules.get(file.path);
    if (module !== undefined) module.commonjs.exports = value;
  }

  /** What a name stands for that nothing in the sources declares. */
  ambient(name: string, _file: SourceFile): Value {
    return name === 'undefined' ? constant(undefined) : external('', name);
  }
}

const isEsm = ({ exports, stars }: Module): boolean => exports.size > 0 || stars.length > 0;

function jsonOf({ file, scope }: Module): Value {
  const [statement] = file.program.body;
  return statement?.type === 'ExpressionStatement' ? evaluate(statement.expression, scope) : UNKNOWN;
}

type DefaultExport = Extract<Program['body'][number], { type: 'ExportDefaultDeclaration' }>;

function declareDefault({ declaration }: DefaultExport, { scope, exports, types }: Module): void {
  const named =
    'id' in declaration && declaration.id?.type === 'Identifier' ? declaration.id.name : undefined;
  if (
    named !== undefined &&
    declaration.type !== 'FunctionExpression' &&
    declaration.type !== 'ClassExpression'
  ) {
    exports.set('default', () => bindingValue(scope, named) ?? UNKNOWN);
    types.set('default', () => scope.findType(named));
    return;
  }
  if (declaration.type === 'Identifier') types.set('default', () => scope.findType(declaration.name));
  scope.bindings.set(DEFAULT_EXPORT, {
    pending: () => {
      if (declaration.type === 'TSInterfaceDeclaration') return UNKNOWN;
      if (declaration.type === 'FunctionDeclaration' || declaration.type === 'TSDeclareFunction') {
        return functionOf(declaration, scope);
      }
      if (declaration.type === 'ClassDeclaration') return makeClass(declaration, scope);
      return declaration.type === 'TSEmptyBodyFunctionExpression' ? UNKNOWN : evaluate(declaration, scope);
    },
  });
  exports.set('default', () => bindingValue(scope, DEFAULT_EXPORT) ?? UNKNOWN);
}

type Exported = NonNullable<
  Extract<Program['body'][number], { type: 'ExportNamedDeclaration' }>['declaration']
>;

function declaredNames(declaration: Exported): string[] {
  if (declaration.type !== 'VariableDeclaration') {
    return 'id' in declaration && declaration.id?.type === 'Identifier' ? [declaration.id.name] : [];
  }
  return declaration.declarations.flatMap(({ id }) => {
    if (id.type === 'Identifier') return [id.name];
    if (id.type !== 'ObjectPattern') return [];
    return id.properties.flatMap(({ value }) => (value?.type === 'Identifier' ? [value.name] : []));
  });
}

const nameOf = (name: { readonly type: string; readonly name?: string; readonly value?: unknown }): string =>
  name.name ?? String(name.value);

/** Reads a folder and makes its sources' names known. Errors: SCF070. */
export async function openProject(
  path: string,
  shown: string,
  packages: ReadonlyMap<string, PackageModel>,
  aliases: readonly Alias[] = [],
): Promise<Project> {
  const folder = await readSourceFolder(path, shown);
  return new Project(folder, await loadParser(), packages, aliases);
}
