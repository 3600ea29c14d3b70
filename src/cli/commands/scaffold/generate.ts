import { UserError } from '../../../core/errors.ts';
import type { CommandRun } from '../../command.ts';

export const run: CommandRun = async () => {
  throw new UserError('CLI001', 'scaffold is not there yet');
};
