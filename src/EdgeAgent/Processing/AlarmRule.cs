namespace EdgeAgent.Processing;

/// <summary>Which numbers are an alarm. Section <c>alarm</c> of a rule.</summary>
internal sealed record AlarmRule
{
    /// <summary>Numbers above this are an alarm, in the unit of the series. Default null: none.</summary>
    public double? Above { get; init; }

    /// <summary>Numbers below this are an alarm. Default null: none.</summary>
    public double? Below { get; init; }

    /// <summary>The alarm ends only this far on the good side of the threshold. Default 0.</summary>
    public double Hysteresis { get; init; }

    /// <summary>How long the readings have to be beyond the threshold before it is an alarm. Default zero: one reading is enough.</summary>
    public TimeSpan For { get; init; } = TimeSpan.Zero;

    public bool IsBeyond(double value) => value > Above || value < Below;

    /// <summary>Whether every number that is beyond by the other rule is beyond by this one.</summary>
    public bool Includes(AlarmRule other) =>
        (Above ?? double.PositiveInfinity) <= (other.Above ?? double.PositiveInfinity) && (Below ?? double.NegativeInfinity) >= (other.Below ?? double.NegativeInfinity);

    public bool IsReturned(double value) => !(value > Above - Hysteresis) && !(value < Below + Hysteresis);
}
