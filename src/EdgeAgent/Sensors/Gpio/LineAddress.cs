using System.Globalization;

namespace EdgeAgent.Sensors.Gpio;

/// <summary>Which chip: by what its driver or the kernel calls it, or by the kernel's number.</summary>
/// <param name="Name">Its label, or gpiochipN; null where the number is given.</param>
/// <param name="Number">The N of /dev/gpiochipN.</param>
internal readonly record struct ChipSelector(string? Name, int Number)
{
    /// <summary>No hardware: lines that follow a pattern.</summary>
    public static ChipSelector Simulated { get; } = new("simulated", 0);

    public bool Selects(IGpioChip chip) => Name is null ? chip.Name == $"gpiochip{Number}" : chip.Name == Name || chip.Label == Name;

    public override string ToString() => Name ?? Number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Which line of a chip: by its name, or by its number there.</summary>
/// <param name="Name">Null where the number is given.</param>
/// <param name="Offset">The number, counted from 0.</param>
internal readonly record struct LineSelector(string? Name, int Offset)
{
    public override string ToString() => Name ?? Offset.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Where lines are found.</summary>
/// <param name="Chip">Null: on whichever chip has a line of that name.</param>
/// <param name="Lines">One, or the two of a quadrature, which are on one chip.</param>
internal sealed record LineAddress(ChipSelector? Chip, IReadOnlyList<LineSelector> Lines)
{
    public override string ToString() => $"line {string.Join(" and ", Lines)} of {(Chip is { } chip ? $"chip {chip}" : "any chip")}";
}
