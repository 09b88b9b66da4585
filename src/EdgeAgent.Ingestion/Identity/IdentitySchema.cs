namespace EdgeAgent.Ingestion.Identity;

/// <summary>
/// What the service knows of identities:
/// <code>
/// identity_authorities    a root that devices and the service trust; its key is in a file. retired: not trusted any more
/// identity_devices        devices of which somebody has decided something; all others are active
///   credentials_from      what was issued before this instant counts for nothing, also after the device has been released
/// identity_tokens         kind 0: one enrolment; kind 1: bearer. hash: SHA-256 of the secret, which is kept nowhere
///   used_key, serial      what the one enrolment was for, so that a lost answer can be given again
///   replays               how often somebody came with it afterwards
/// identity_certificates   what was issued and has not been expired for longer than the time of grace
///   key, request          SHA-256 of SubjectPublicKeyInfo, and of the whole request
///   authority             generation of the root; 0: of configured files
/// </code>
/// </summary>
internal static class IdentitySchema
{
    public const string First =
        """
        CREATE TABLE identity_authorities (generation BIGINT PRIMARY KEY, root BYTEA NOT NULL, created BIGINT NOT NULL, retired BIGINT);
        CREATE TABLE identity_devices (
            device TEXT PRIMARY KEY, standing BIGINT NOT NULL, reason TEXT NOT NULL, author TEXT NOT NULL, since BIGINT NOT NULL, credentials_from BIGINT NOT NULL);
        CREATE TABLE identity_tokens (
            id BIGINT PRIMARY KEY, kind BIGINT NOT NULL, device TEXT NOT NULL, hash BYTEA NOT NULL UNIQUE, author TEXT NOT NULL, created BIGINT NOT NULL,
            expires BIGINT NOT NULL, withdrawn BIGINT, used BIGINT, used_key BYTEA, serial TEXT, replays BIGINT NOT NULL);
        CREATE TABLE identity_certificates (
            serial TEXT PRIMARY KEY, device TEXT NOT NULL, key BYTEA NOT NULL, request BYTEA NOT NULL, not_before BIGINT NOT NULL, not_after BIGINT NOT NULL,
            issued BIGINT NOT NULL, token BIGINT, authority BIGINT NOT NULL, certificate BYTEA NOT NULL);
        CREATE INDEX identity_certificates_device ON identity_certificates (device, issued);
        CREATE INDEX identity_certificates_key ON identity_certificates (key);
        """;
}
