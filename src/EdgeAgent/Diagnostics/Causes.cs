namespace EdgeAgent.Diagnostics;

/// <summary>Where readings come from.</summary>
internal enum ReadingSource
{
    /// <summary>Devices that publish straight to the agent.</summary>
    MqttIntake,

    /// <summary>A broker that the agent subscribes to.</summary>
    MqttBroker,

    /// <summary>Sensors polled on an I2C bus.</summary>
    I2c,

    /// <summary>Lines of GPIO chips: levels, edges, counters.</summary>
    Gpio,

    /// <summary>The kernel's own drivers: IIO, hwmon, 1-Wire, thermal zones.</summary>
    Kernel,

    /// <summary>The health of this device itself.</summary>
    Host,
}

/// <summary>Why a reading, known by its series, did not get into the spool. Each is one reading lost, and named.</summary>
internal enum DropCause
{
    /// <summary>A polled sensor met a full channel: the batcher or the flash cannot follow. The spool's ledger gets the number.</summary>
    ChannelFull,

    /// <summary>The series catalog is full; a new series cannot be named.</summary>
    CatalogFull,

    /// <summary>A series of that name exists already with another kind of values.</summary>
    KindMismatch,

    /// <summary>A message lacked a value that its rule picks.</summary>
    ValueMissing,

    /// <summary>A value could not be read as the kind that its rule says.</summary>
    ValueMalformed,

    /// <summary>The agent stopped while the spool took nothing, or a batch was larger than a segment. The ledger gets the number where it can be written.</summary>
    SpoolRefused,

    /// <summary>Edges came faster than they were read, and the kernel's queue had no room. The ledger gets the number.</summary>
    KernelQueueFull,
}

/// <summary>Why a whole MQTT message gave no reading. It is acknowledged: sent again it would fail again.</summary>
internal enum DiscardCause
{
    /// <summary>No rule matches the topic.</summary>
    Unmatched,

    /// <summary>A retained message, and the source is set to leave those.</summary>
    Retained,

    /// <summary>The payload is not what its rule says: no number, no boolean, no UTF-8.</summary>
    PayloadMalformed,

    /// <summary>The payload is not JSON.</summary>
    JsonMalformed,

    /// <summary>The message lacks its timestamp, or it is in no known form.</summary>
    TimeMalformed,

    /// <summary>The timestamp is further from the agent's clock than the rule allows.</summary>
    TimeOutOfBounds,

    /// <summary>The series name that the topic gives is not one (empty, too long, control characters).</summary>
    NameMalformed,
}
