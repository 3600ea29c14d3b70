/** The server that statements are written for, as far as anything is known of it. */
export interface Destination {
  /** `server_version_num`; undefined: any that is supported. */
  readonly version?: number | undefined;
}
