/** What of an error a property is for; `none` where its name does not say. */
export type Role =
  | 'message'
  | 'code'
  | 'status'
  | 'title'
  | 'type'
  | 'requestId'
  | 'timestamp'
  | 'field'
  | 'details'
  | 'failed'
  | 'succeeded'
  | 'error'
  | 'none';

/** Names as documents write them, in lower case and without punctuation: `error_description`, `errorDescription`. */
const NAMES: Readonly<Record<Exclude<Role, 'none'>, string>> = {
  message: `message msg errormessage errormsg errordescription errortext description detail detailedmessage reason
    text usermessage developermessage explanation summary messages errormessages`,
  code: 'code errorcode errcode errorid errortype statuscodename',
  status: 'status statuscode httpstatus httpstatuscode httpcode responsecode',
  title: 'title',
  type: 'type kind category errorcategory',
  requestId:
    'requestid xrequestid traceid correlationid correlationidentifier reqid operationid instanceid debugid',
  timestamp: 'timestamp time datetime occurredat createdat',
  field: 'field fieldname name path property propertypath parameter param location loc instancepath key',
  details: `details errors issues violations fields invalidparams invalidparameters fielderrors causes errordetails
    validationerrors problems subproblems errorlist validation`,
  failed: 'iserror failed haserror haserrors',
  succeeded: 'success ok succeeded issuccess successful',
  error: 'error fault exception failure err meta metadata response result source',
};

const ROLES: ReadonlyMap<string, Role> = new Map(
  Object.entries(NAMES).flatMap(([role, names]) =>
    names.split(/\s+/).map((name) => [name, role as Role] as const),
  ),
);

/** What a property of this name is for. */
export const roleOf = (name: string): Role =>
  ROLES.get(name.toLowerCase().replaceAll(/[^a-z0-9]/g, '')) ?? 'none';
