namespace EdgeAgent.Scanning;

/// <summary>How much is known of what was found.</summary>
internal enum Certainty
{
    /// <summary>It is known for sure what it is, and how it is read. Goes into the configuration.</summary>
    Recognised,

    /// <summary>Something answers, and it cannot be told what. A person has to say.</summary>
    Doubtful,

    /// <summary>A driver of the kernel or another program has it. It was not touched.</summary>
    Taken,

    /// <summary>It is there, and what it is good for depends on what is wired to it.</summary>
    Present,
}

/// <summary>One thing that was found.</summary>
/// <param name="Kind">What sort of thing it is.</param>
/// <param name="Place">Where: "bus 1, 0x76", "gpiochip0, line 17", a topic.</param>
/// <param name="Name">What it is called: a chip's type, a line's name, a device's name; empty where it has none.</param>
/// <param name="Certainty">How much is known of it.</param>
/// <param name="Remark">What it measures, or what to do about it.</param>
internal sealed record Finding(ScanKind Kind, string Place, string Name, Certainty Certainty, string Remark)
{
    /// <summary>What it may be, of the chips that the agent knows.</summary>
    public IReadOnlyList<string> Candidates { get; init; } = [];

    /// <summary>What reads it. Null where nobody but a person can say.</summary>
    public ConfigEntry? Entry { get; init; }
}

/// <summary>An entry of the configuration.</summary>
/// <param name="Section">Key of the document: "i2c". It holds a list of entries; "host" is the entry itself.</param>
/// <param name="Json">The entry.</param>
/// <param name="Parent">What the entry stands in within the section; null: in the section.</param>
internal sealed record ConfigEntry(string Section, string Json, EntryParent? Parent = null);

/// <summary>An entry of a section that has a list of its own: a bus with its sensors, a broker with its rules.</summary>
/// <param name="Key">"bus".</param>
/// <param name="Value">Its value in JSON.</param>
/// <param name="List">"sensors".</param>
internal sealed record EntryParent(string Key, string Value, string List);
