using EdgeAgent.Ingestion.Storage.Control;

namespace EdgeAgent.Ingestion.Configs;

/// <summary>
/// What is kept about configurations. 0 and '' stand for "none": there are no NULLs.
/// <code>
/// config_documents        each document once, however many versions and revisions are these bytes
/// config_versions         a layer's versions, ascending from 1
/// config_rollouts         how each version reaches devices; the newest of a layer decides (see Rollout)
/// config_rollout_devices  whom a staged one is for, in the order of its stages
/// config_devices          a row a device: what it should run (number, hash; inputs: of which versions), what it holds, what it was sent.
///                         changed: ascends with each change that a waiting device may have to hear of
/// config_revisions        all that a device should have run, ascending from 1
/// config_refusals         hashes that the device has rejected or reverted, and is not sent again unasked
/// config_reports          what devices said, the last ones of each
/// </code>
/// </summary>
internal static class ConfigTables
{
    public static readonly ControlTables Tables = new("configs",
    [
        """
        CREATE TABLE config_documents (hash BYTEA PRIMARY KEY, document BYTEA NOT NULL);
        CREATE TABLE config_groups (name TEXT PRIMARY KEY, place BIGINT NOT NULL);
        CREATE TABLE config_members (name TEXT NOT NULL, device TEXT NOT NULL, PRIMARY KEY (name, device));
        CREATE INDEX config_members_by_device ON config_members (device);
        CREATE TABLE config_versions (
            layer TEXT NOT NULL, version BIGINT NOT NULL, hash BYTEA NOT NULL, author TEXT NOT NULL, made BIGINT NOT NULL, message TEXT NOT NULL,
            bootstrap BIGINT NOT NULL, trial BIGINT NOT NULL, PRIMARY KEY (layer, version));
        CREATE TABLE config_rollouts (
            number BIGINT PRIMARY KEY, layer TEXT NOT NULL, version BIGINT NOT NULL, base BIGINT NOT NULL, stages TEXT NOT NULL, stage BIGINT NOT NULL,
            soak BIGINT NOT NULL, stop_at DOUBLE PRECISION NOT NULL, forgiven BIGINT NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL,
            author TEXT NOT NULL, started BIGINT NOT NULL, entered BIGINT NOT NULL);
        CREATE INDEX config_rollouts_by_layer ON config_rollouts (layer, number);
        CREATE INDEX config_rollouts_by_state ON config_rollouts (state);
        CREATE TABLE config_rollout_devices (
            rollout BIGINT NOT NULL, device TEXT NOT NULL, place BIGINT NOT NULL, sent BIGINT NOT NULL, outcome BIGINT NOT NULL,
            PRIMARY KEY (rollout, device));
        CREATE TABLE config_devices (
            device TEXT PRIMARY KEY, watched BIGINT NOT NULL, agent_version TEXT NOT NULL, inputs TEXT NOT NULL, number BIGINT NOT NULL,
            hash BYTEA NOT NULL, repeated BIGINT NOT NULL, refused BIGINT NOT NULL, held_number BIGINT NOT NULL, held_hash BYTEA NOT NULL,
            sent_number BIGINT NOT NULL, sent BIGINT NOT NULL, changed BIGINT NOT NULL);
        CREATE INDEX config_devices_by_change ON config_devices (changed);
        CREATE TABLE config_revisions (
            device TEXT NOT NULL, number BIGINT NOT NULL, hash BYTEA NOT NULL, author TEXT NOT NULL, made BIGINT NOT NULL, inputs TEXT NOT NULL,
            bootstrap BIGINT NOT NULL, trial BIGINT NOT NULL, PRIMARY KEY (device, number));
        CREATE TABLE config_refusals (device TEXT NOT NULL, hash BYTEA NOT NULL, number BIGINT NOT NULL, PRIMARY KEY (device, hash));
        CREATE TABLE config_reports (
            device TEXT NOT NULL, place BIGINT NOT NULL, number BIGINT NOT NULL, hash BYTEA NOT NULL, outcome BIGINT NOT NULL, errors TEXT NOT NULL,
            omitted BIGINT NOT NULL, told BIGINT NOT NULL, received BIGINT NOT NULL, running BIGINT NOT NULL, PRIMARY KEY (device, place));
        """,
    ]);
}
