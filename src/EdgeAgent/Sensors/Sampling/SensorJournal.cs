using EdgeAgent.Protocol.V1;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Sensors.Sampling;

/// <summary>What is told of one sensor: changes, each once, and never more than a line a minute about a sensor that is too slow.</summary>
internal sealed partial class SensorJournal(SensorPlan plan, TimeProvider time, ILogger logger)
{
    /// <summary>So long without a miss a sensor is said to keep up again.</summary>
    private static readonly TimeSpan Calm = TimeSpan.FromMinutes(1);

    private bool _isLost;
    private bool _hasThrown;
    private bool _isLate;
    private long _lastMiss;

    /// <summary>An attempt has ended without an exception.</summary>
    public void Measured(bool wasPresent, ReadOnlySpan<Measured> values)
    {
        _hasThrown = false;
        if (!plan.Sensor.IsPresent)
        {
            if (!_isLost)
            {
                Log.Lost(logger, plan.Options.Series, plan.Sensor.Description, values.IsEmpty ? Quality.NoResponse : values[0].Quality);
            }
            _isLost = true;
            return;
        }
        if (!wasPresent)
        {
            Log.Found(logger, plan.Options.Series, plan.Sensor.Description);
        }
        _isLost = false;
    }

    public void Threw(Exception defect)
    {
        if (!_hasThrown)
        {
            Log.Threw(logger, plan.Options.Series, plan.Sensor.Description, defect);
        }
        _hasThrown = true;
    }

    public void Missed(long polls)
    {
        if (polls > 0)
        {
            if (!_isLate)
            {
                Log.Late(logger, plan.Options.Series, plan.Sensor.Description, plan.Options.Interval);
            }
            (_isLate, _lastMiss) = (true, time.GetTimestamp());
        }
        else if (_isLate && time.GetElapsedTime(_lastMiss) >= Calm)
        {
            _isLate = false;
            Log.InTime(logger, plan.Options.Series, plan.Sensor.Description);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "The sensor {Series} ({Description}) is there.")]
        public static partial void Found(ILogger logger, string series, string description);

        [LoggerMessage(LogLevel.Warning,
            "The sensor {Series} ({Description}) gives no value: {Quality}. Its readings say so until it is back; check its wiring.")]
        public static partial void Lost(ILogger logger, string series, string description, Quality quality);

        [LoggerMessage(LogLevel.Error,
            "Reading the sensor {Series} ({Description}) failed in the program itself. Its readings say so, and it is tried again; please report this.")]
        public static partial void Threw(ILogger logger, string series, string description, Exception defect);

        [LoggerMessage(LogLevel.Warning,
            "The sensor {Series} ({Description}) cannot be read every {Interval}: polls are left out, and counted. Give it a longer interval, or its bus less to do.")]
        public static partial void Late(ILogger logger, string series, string description, TimeSpan interval);

        [LoggerMessage(LogLevel.Information, "The sensor {Series} ({Description}) is read in time again.")]
        public static partial void InTime(ILogger logger, string series, string description);
    }
}
