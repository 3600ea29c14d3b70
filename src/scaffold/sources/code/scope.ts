import type { Declaration } from 'oxc-parser';
import type { Interpreter } from './interpret/interpreter.ts';
import type { SourceFile } from './source-file.ts';
import type { TypeReference, Value } from './value.ts';

/** What a name stands for. A value that is not there yet is worked out when somebody asks. */
export interface Binding {
  value?: Value;
  pending?: (() => Value) | undefined;
  /** The type that its declaration gives it. */
  readonly type?: TypeReference;
}

/** A declaration that is a type, and where its own names are looked up. */
export interface TypeDeclaration {
  readonly node: Declaration;
  readonly scope: Scope;
}

/** What one call of a function leaves behind, or one file. */
export interface Frame {
  readonly interpreter: Interpreter;
  readonly file: SourceFile;
  readonly returns: Value[];
  /** Where the answer stood at each return. */
  readonly ends: unknown[];
  readonly self?: Value | undefined;
  /** What `super` is, in methods of classes. */
  readonly parent?: Value | undefined;
  readonly depth: number;
}

/** The names of a block, a function or a file. */
export class Scope {
  readonly bindings = new Map<string, Binding>();
  readonly types = new Map<string, () => TypeDeclaration | undefined>();
  readonly frame: Frame;
  readonly parent: Scope | undefined;

  constructor(frame: Frame, parent?: Scope) {
    this.frame = frame;
    this.parent = parent;
  }

  find(name: string): Binding | undefined {
    for (let scope: Scope | undefined = this; scope !== undefined; scope = scope.parent) {
      const binding = scope.bindings.get(name);
      if (binding !== undefined) return binding;
    }
    return undefined;
  }

  findType(name: string): TypeDeclaration | undefined {
    for (let scope: Scope | undefined = this; scope !== undefined; scope = scope.parent) {
      const declared = scope.types.get(name);
      if (declared !== undefined) return declared();
    }
    return undefined;
  }

  set(name: string, value: Value): void {
    this.bindings.set(name, { value });
  }
}

/** The value of a binding, worked out now if need be; undefined while it is being worked out, or has none. */
export function settled(binding: Binding): Value | undefined {
  const { pending } = binding;
  if (pending !== undefined) {
    binding.pending = undefined;
    const value = pending();
    binding.value ??= value;
  }
  return binding.value;
}
