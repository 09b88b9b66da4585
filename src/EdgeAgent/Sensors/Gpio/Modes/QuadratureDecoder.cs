using EdgeAgent.Clock;
using EdgeAgent.Diagnostics;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.Gpio.Modes;

/// <summary>
/// A position from two lines a quarter of a period apart; each edge is a step, four to a period:
/// <code>
/// forward := (a, b) 00 → 10 → 11 → 01 → 00
/// step    := a changed and differs from b, or b changed and equals a: +1; else -1
/// illegal := an edge to what the line was already: the kernel has not seen the one between them
/// </code>
/// Where edges found no room in the kernel's queue, steps are not known: from there on a line is believed again once it has had an edge. The next position
/// after that, and after an illegal edge, is uncertain. Counted from where the shaft was at the start.
/// </summary>
internal sealed class QuadratureDecoder(PulseOptions options, AgentMetrics metrics) : ILineMode, ISampledLine
{
    private const int First = 0b01;
    private const int Both = 0b11;

    private readonly Lock _gate = new();
    private int _values;
    private int _known;
    private long _position;
    private long _illegal;
    private bool _isUncertain;

    public LineFlags Flags => LineFlags.Input | LineFlags.EdgeRising | LineFlags.EdgeFalling;

    public bool IsPatient => true;

    public TimeSpan? Heartbeat => null;

    public IReadOnlyList<Quantity> Quantities { get; } =
    [
        new Quantity("position", options.Unit, PulseDecimals.OfCount(options.Scale)),
        new Quantity("illegal", "", 0),
    ];

    public void Begin(ulong values, in EventTimes times)
    {
        lock (_gate)
        {
            // An edge between the request and this look would be taken for an illegal one: the first position is uncertain anyway.
            (_values, _known, _isUncertain) = ((int)values & Both, Both, true);
        }
    }

    public void Take(in LineEvent happened, int line, long missed, in EventTimes times)
    {
        lock (_gate)
        {
            if (missed > 0)
            {
                (_known, _isUncertain) = (0, true);
            }
            int bit = First << line;
            int before = _values;
            _values = happened.Edge == LineEdge.Rising ? before | bit : before & ~bit;
            if (_known == Both)
            {
                Step(bit, isChange: _values != before);
            }
            _known |= bit;
        }
    }

    public void Repeat(ulong values, ReadingTime now)
    {
    }

    public void Absent(ReadingTime now)
    {
    }

    public void Sample(Span<Measured> values, long now)
    {
        lock (_gate)
        {
            values[0] = new Measured(_position * options.Scale, _isUncertain ? Quality.Uncertain : Quality.Good);
            values[1] = Measured.Good(_illegal);
            _isUncertain = false;
        }
    }

    private void Step(int bit, bool isChange)
    {
        if (!isChange)
        {
            _illegal++;
            _isUncertain = true;
            metrics.GpioIllegalSteps.Add();
            return;
        }
        bool areEqual = _values is 0 or Both;
        _position += (bit == First) != areEqual ? 1 : -1;
    }
}
