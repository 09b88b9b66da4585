using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Gpio;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Scanning.Live;

/// <summary>The level of an input line, as a sensor. Nothing is counted: what a running agent counts it counts alone.</summary>
internal sealed class LineLevel(GpioLineOptions options, IGpioDevices devices) : ISensor, IDisposable
{
    private ILineRequest? _request;

    public string Description { get; } = options.Address.ToString();

    /// <summary>One for each line; the series of a single one has no further name.</summary>
    public IReadOnlyList<Quantity> Quantities { get; } = options.Address.Lines is [_]
        ? [new Quantity("", "", 0, SeriesKind.Boolean)]
        : [.. options.Address.Lines.Select(line => new Quantity(line.ToString(), "", 0, SeriesKind.Boolean))];

    public bool IsPresent => _request is not null;

    /// <summary>Why there is no level, in a sentence. Null: there is one.</summary>
    public string? Obstacle { get; private set; }

    public ValueTask MeasureAsync(Measured[] values, CancellationToken cancellationToken)
    {
        _request ??= Request();
        if (_request is null || !_request.TryGet(out ulong levels))
        {
            Dispose();
            Array.Fill(values, Measured.None(Quality.NoResponse));
            return ValueTask.CompletedTask;
        }
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Measured.Good((levels >> i) & 1);
        }
        return ValueTask.CompletedTask;
    }

    public void Dispose()
    {
        _request?.Dispose();
        _request = null;
    }

    private ILineRequest? Request()
    {
        LineOutcome outcome = LineFinder.Find(devices, options.Address, out IGpioChip? found, out IReadOnlyList<int> offsets);
        using IGpioChip? chip = found;
        ILineRequest? request = null;
        string consumer = "";
        if (chip is not null)
        {
            outcome = chip.Request(new LineSettings(offsets, LineFlags.Input | options.Electrical), out request);
            consumer = chip.TryDescribe(offsets[0], out LineInfo line) ? line.Consumer : "";
        }
        Obstacle = outcome == LineOutcome.Ready ? null
            : outcome == LineOutcome.Busy && consumer == LineSettings.Consumer ? $"A running agent has the {options.Address}. Look at its readings: edge-agent spool tail --follow."
            : $"Not read: {LineObstacle.Describe(outcome, options.Address, consumer)}";
        return request;
    }
}
