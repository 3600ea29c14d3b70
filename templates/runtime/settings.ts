// What the generator was told.

/** Whether answers are held to the contract, where the application does not say. */
export const VALIDATE_RESPONSES: boolean = process.env['NODE_ENV'] !== 'production';
