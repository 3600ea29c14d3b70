import type { CodeCatalogue } from '../core/diagnostic.ts';

export const SKILL_CODES: CodeCatalogue = {
  SKL001: { title: 'No coding agent was found', help: 'Name one with --agent NAME.' },
  SKL002: { title: 'There is no agent of this name', help: 'senior-backend skill list shows the names.' },
  SKL003: {
    title: 'A path leads out of the folder that is installed to',
    help: 'Remove the link or the manifest that leads out, then try again.',
  },
  SKL004: {
    title: 'Files that would be written or removed were edited or are not ours',
    help: 'Move your changes elsewhere, or give --force to lose them.',
  },
  SKL005: {
    title: 'The manifest is not one of ours',
    help: 'Remove it by hand; files that differ are then treated as yours.',
  },
  SKL006: {
    title: 'A folder cannot be written',
    help: 'Check its permissions; where links are not allowed give --copy.',
  },
  SKL007: { title: 'The home folder is not known', help: 'Set HOME.' },
};
