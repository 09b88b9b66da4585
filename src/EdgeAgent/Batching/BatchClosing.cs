namespace EdgeAgent.Batching;

/// <summary>Whether a batch closes now, and why.</summary>
internal enum BatchClosing
{
    /// <summary>It stays open; look again at <see cref="BatchPolicy.Due"/>.</summary>
    NotYet,

    /// <summary>It has reached its readings or its bytes. Close it before the next reading is added.</summary>
    Full,

    /// <summary>Its first reading has waited as long as a reading may.</summary>
    Aged,

    /// <summary>Somebody waits for durability, and nothing has arrived for a while: everybody who could send is waiting.</summary>
    Settled,

    /// <summary>Somebody has waited for durability as long as anybody may, however busy the line is.</summary>
    Overdue,
}
