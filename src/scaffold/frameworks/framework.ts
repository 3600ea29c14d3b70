import type { OperationTypeNames } from '../emit/operation-types.ts';
import type { Operation } from '../model/api.ts';
import type { Route } from '../model/routes.ts';

/** A tag's operations under the names that its files use. */
export interface TagFiles {
  readonly tag: string;
  /** File name without ending: `order-items`. */
  readonly file: string;
  /** `orderItems`, as in `orderItemsRouter` and `orderItemsHandlers`. */
  readonly name: string;
  /** `OrderItems`, as in `OrderItemsHandlers`. */
  readonly typeName: string;
  /** In matching order. */
  readonly routes: readonly Route[];
}

/** Everything a framework needs to print its files. */
export interface ServiceFiles {
  readonly title: string;
  /** In mounting order. */
  readonly tags: readonly TagFiles[];
  readonly types: ReadonlyMap<Operation, OperationTypeNames>;
  /** Routes that must leave requests to more concrete ones that are mounted later. */
  readonly hidden: ReadonlyMap<Route, readonly Route[]>;
  /** Every path with the methods it answers, as the printed expression of a list. */
  readonly paths: string;
  /** Whether verifiers.ts says who is let in unless the application does. */
  readonly hasVerifiers: boolean;
}

/** What sets a framework apart from the others: how its users write a router, and how one is mounted. */
export interface Framework {
  readonly name: string;
  /** The file of templates/runtime that holds requests and answers to the contract. */
  readonly adapter: string;
  /** `<tag>.routes.ts`. */
  printRoutes(tag: TagFiles, service: ServiceFiles): string;
  /** `index.ts`. */
  printIndex(service: ServiceFiles): string;
}
