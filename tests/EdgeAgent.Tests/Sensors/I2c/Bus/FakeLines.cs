using EdgeAgent.Sensors.I2c.Bus;

namespace EdgeAgent.Tests.Sensors.I2c.Bus;

/// <summary>Two open-drain wires, and a chip in the middle of a byte that holds the data line for as many clocks more.</summary>
internal sealed class FakeLines : IBusLines, IBusLinesSource
{
    private bool _scl = true, _sda = true;

    /// <summary>Falling edges of the clock until the chip lets go of the data line. 0: it does not hold it.</summary>
    public int ClocksUntilFree { get; set; }

    /// <summary>The chip stretches the clock for good.</summary>
    public bool HoldsClock { get; init; }

    public int Clocks { get; private set; }

    /// <summary>The data line went up while the clock was high.</summary>
    public int Stops { get; private set; }

    /// <summary>The data line went down while the clock was high.</summary>
    public int Starts { get; private set; }

    public List<string> Requests { get; } = [];

    public bool IsGivenBack { get; private set; }

    public IBusLines Request(string scl, string sda)
    {
        Requests.Add($"{scl} {sda}");
        return this;
    }

    public bool IsSclHigh() => _scl && !HoldsClock;

    public bool IsSdaHigh() => _sda && ClocksUntilFree == 0;

    public void SetScl(bool high)
    {
        if (_scl && !high)
        {
            Clocks++;
            ClocksUntilFree = Math.Max(0, ClocksUntilFree - 1);
        }
        _scl = high;
    }

    public void SetSda(bool high)
    {
        Stops += _scl && !_sda && high ? 1 : 0;
        Starts += _scl && _sda && !high ? 1 : 0;
        _sda = high;
    }

    public void Dispose() => IsGivenBack = true;
}
