namespace EdgeAgent.Sensors.Sampling;

/// <summary>The groups that have a sensor, by name. For one at a time.</summary>
internal sealed class SensorGroups
{
    private readonly Dictionary<string, (SensorGroup Group, int Sensors)> _groups = new(StringComparer.Ordinal);

    /// <summary>The group of a sensor more.</summary>
    public SensorGroup Enter(string name)
    {
        (SensorGroup group, int sensors) = _groups.TryGetValue(name, out (SensorGroup, int) known) ? known : (new SensorGroup(), 0);
        _groups[name] = (group, sensors + 1);
        return group;
    }

    /// <summary>One with its last sensor gone is forgotten: if a sensor still holds its thread, those that come under this name do not wait for it.</summary>
    public void Leave(string name)
    {
        (SensorGroup group, int sensors) = _groups[name];
        if (sensors == 1)
        {
            _groups.Remove(name);
        }
        else
        {
            _groups[name] = (group, sensors - 1);
        }
    }
}
