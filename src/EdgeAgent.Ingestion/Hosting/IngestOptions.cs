namespace EdgeAgent.Ingestion.Hosting;

/// <summary>What an upload session may cost. Section <c>ingest</c> of the configuration.</summary>
internal sealed class IngestOptions
{
    /// <summary>Bytes of one message at most. Default 1 MiB: sixteen times the largest batch that the agent makes by default.</summary>
    public int MaximumMessageBytes { get; set; } = 1024 * 1024;

    /// <summary>Readings in one record at most. Default 100,000: ten times the agent's batch; 2 MB decoded.</summary>
    public int MaximumRecordReadings { get; set; } = 100_000;

    /// <summary>
    /// A session's readings are stored whenever this many wait. Default 32,768: half a megabyte of memory a session, and one
    /// fsync a hundred kilobytes on the line.
    /// </summary>
    public int FlushReadings { get; set; } = 32_768;

    /// <summary>The same for bytes received, because texts weigh more than numbers. Default 1 MiB.</summary>
    public int FlushBytes { get; set; } = 1024 * 1024;

    /// <summary>Sessions of all devices at once. Default 1,024: half a gigabyte where every one is full.</summary>
    public int MaximumSessions { get; set; } = 1_024;

    /// <summary>
    /// Sessions of one device at once. Default 24: three lanes with two in flight, and three generations of connections that
    /// broke and have not been noticed yet.
    /// </summary>
    public int MaximumSessionsPerDevice { get; set; } = 24;

    /// <summary>
    /// Connections of one address at once. Default 1,024: an eighth of what the service takes by default, so that no single address can have every place. More where
    /// a fleet of more devices is behind one address: a proxy that passes TLS through, or a mobile network's.
    /// </summary>
    public int MaximumConnectionsPerAddress { get; set; } = 1_024;

    /// <summary>
    /// How long a new connection has, handshake included, until a device calls over it. Default 1 min: agents connect because they want to call, and the slowest line takes
    /// 8 s for the handshake.
    /// </summary>
    public TimeSpan FirstCallWithin { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long a session that begins ahead of the watermark waits for what precedes it. Default 10 s: a predecessor that is
    /// not stored by then has failed, and the device should learn it.
    /// </summary>
    public TimeSpan PredecessorWait { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Work that waits for the database at most, in stored pieces of sessions. Default 64: under two seconds of a slow disk's
    /// work.
    /// </summary>
    public int QueueLength { get; set; } = 64;

    /// <summary>How long a session waits for a place in that queue before it is told RESOURCE_EXHAUSTED. Default 5 s.</summary>
    public TimeSpan QueueWait { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// After this long without a byte a connection is pinged, and given up 20 s later. Default 15 min: a session whose device has vanished
    /// is ended by <see cref="IdleTimeout"/>, so pings only find connections without one, and each costs the device's line some 230 bytes.
    /// </summary>
    public TimeSpan PingAfter { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long a session may say nothing. Default 60 s: the agent half-closes after 10.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a session may last. Default 10 min: a mebibyte at 2 kB/s, the slowest line worth serving.</summary>
    public TimeSpan SessionTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>What a device is asked to send at most, in bytes a second. Default 0: no limit.</summary>
    public long RateBytesPerSecond { get; set; }

    /// <summary>
    /// How long a device is asked to wait before it sends old data. Default 0; spread it over a fleet after an outage of the
    /// service.
    /// </summary>
    public TimeSpan BacklogStartAfter { get; set; }

    /// <summary>
    /// Over how long devices are spread that are turned away because of load, a failing store or a stop: each is asked to wait a time drawn between a tenth of
    /// this and all of it. Default 10 s: 2,000 devices come back at 200 a second. 0: they are asked nothing.
    /// </summary>
    public TimeSpan RetrySpread { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a failing store is tried again. Default 2 s: devices back off longer than that.</summary>
    public TimeSpan StoreProbe { get; set; } = TimeSpan.FromSeconds(2);
}
