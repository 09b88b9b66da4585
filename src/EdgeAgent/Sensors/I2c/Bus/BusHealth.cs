namespace EdgeAgent.Sensors.I2c.Bus;

/// <summary>
/// Tells a stuck bus from a chip that is ill: a bus is stuck where since its last sign of life every address that is used on it has
/// failed, three times in all, in ways that a held line brings about. An address that nobody acknowledges is a sign of life: the data line
/// went up. Asks nobody by itself, so it is as quick as the sensors are read.
/// </summary>
internal sealed class BusHealth
{
    /// <summary>One or two may be a spike on the wires.</summary>
    public const int Failures = 3;

    /// <summary>A bit for each 7-bit address.</summary>
    private UInt128 _used, _failed;
    private int _failures;

    public bool IsStuck { get; private set; }

    public void Use(int address) => _used |= UInt128.One << address;

    /// <summary>The address is not used any more: it is no witness for the bus.</summary>
    public void Leave(int address)
    {
        _used &= ~(UInt128.One << address);
        _failed &= _used;
    }

    /// <returns>The bus was stuck until now.</returns>
    public bool Lives()
    {
        bool wasStuck = IsStuck;
        (_failed, _failures, IsStuck) = (0, 0, false);
        return wasStuck;
    }

    /// <returns>The bus is stuck from now on.</returns>
    public bool Fails(int address)
    {
        _failed |= UInt128.One << address;
        _failures++;
        return _failures >= Failures && _failed == _used && Stick();
    }

    /// <summary>For what needs no more evidence: a transfer that does not come back.</summary>
    /// <inheritdoc cref="Fails" path="/returns"/>
    public bool Stick()
    {
        bool isNew = !IsStuck;
        IsStuck = true;
        return isNew;
    }
}
