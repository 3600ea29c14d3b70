import { type LoadedProfile, type LoadedProfiles, languagesOf } from '../../../decide/index.ts';
import type { Outcome } from '../../command.ts';
import { columns } from '../../render/columns.ts';

/** `--list-profiles`: what can be recommended, and where each profile came from. */
export function profileList({ profiles, diagnostics }: LoadedProfiles): Outcome {
  const document = { version: 1, status: 'listed', profiles: profiles.map(listed), diagnostics };
  const rows = profiles.map(({ profile, file }) => {
    const { team_size_min, team_size_max, data_sensitivity_tier_max } = profile.constraints;
    return [
      profile.profile_name,
      languagesOf(profile).join(', '),
      `team ${team_size_min}${team_size_max === undefined ? ' and more' : ` to ${team_size_max}`}`,
      `up to ${data_sensitivity_tier_max}`,
      file ?? 'built in',
    ];
  });
  return { exit: 'ok', document, text: columns(rows).join('\n') };
}

function listed({ profile, file }: LoadedProfile): object {
  return {
    profile_name: profile.profile_name,
    version: profile.version,
    description: profile.description,
    languages: languagesOf(profile),
    file: file ?? null,
  };
}
