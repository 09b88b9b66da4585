using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using EdgeAgent.Configuration;
using EdgeAgent.Diagnostics;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Scanning;
using EdgeAgent.Scanning.Live;
using EdgeAgent.Sensors;
using EdgeAgent.Sensors.Sampling;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace EdgeAgent.Commands;

/// <summary><c>edge-agent read</c>: live values of a sensor. Nothing is kept and nothing is sent.</summary>
internal sealed class ReadCommand
{
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(10), LongestInterval = TimeSpan.FromHours(1);

    private readonly Argument<string> _sensor = new("sensor")
    {
        Description = "A series of the configuration or what it begins with (cabinet/air), a chip (bme280@1:0x76), or a device of the kernel (its IIO or hwmon name).",
    };

    private readonly Option<string> _configuration = ConfigurationOption.Create();

    private readonly Option<bool> _once = new("--once") { Description = "Read once; exit with 1 where nothing has a value." };

    private readonly Option<string> _interval = new("--interval", "-i")
    {
        Description = "How often.",
        HelpName = "DURATION",
        DefaultValueFactory = static _ => "1s",
    };

    private readonly Option<bool> _json = new("--json") { Description = "Print JSON, one reading a line." };

    public static Command Create()
    {
        var read = new ReadCommand();
        var command = new Command("read", "Show live values of a sensor until Ctrl+C. The agent may be running.")
        {
            read._sensor, read._configuration, read._once, read._interval, read._json,
        };
        command.SetAction(read.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (!ConfigurationOption.TryReadIfThere(parsed, _configuration, out AgentConfiguration? configuration))
        {
            return ExitCode.Configuration;
        }
        string text = parsed.GetRequiredValue(_interval);
        if (!Duration.TryParse(text, out TimeSpan interval) || interval < ShortestInterval || interval > LongestInterval)
        {
            return CommandOutcome.Fail(parsed, $"\"{text}\" is no interval. Give --interval from 10ms to 1h, such as 500ms.");
        }
        using ILoggerFactory loggers = LoggerFactory.Create(AddErrors);
        string name = parsed.GetRequiredValue(_sensor);
        if (!SensorChoice.TryFind(name, configuration ?? new AgentConfiguration(), TimeProvider.System, loggers, out SensorChoice? choice, out string problem))
        {
            return CommandOutcome.Fail(parsed, problem);
        }
        using (choice)
        {
            using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
            {
                // The first ends it in order, so that lines and chips are given back; the second ends it anyhow.
                signal.Cancel = !stopping.IsCancellationRequested;
                stopping.Cancel();
            });
            try
            {
                return await ReadAsync(parsed, choice, interval, stopping.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return ExitCode.Success;
            }
        }
    }

    private async Task<int> ReadAsync(ParseResult parsed, SensorChoice choice, TimeSpan interval, CancellationToken cancellationToken)
    {
        TextWriter output = parsed.InvocationConfiguration.Output;
        var obstacles = new HashSet<string>(StringComparer.Ordinal);
        while (true)
        {
            Task<Measured[]>[] measuring = [.. choice.Plans.Select(plan => MeasureAsync(plan.Sensor, cancellationToken))];
            bool hasValue = false;
            for (int i = 0; i < measuring.Length; i++)
            {
                SensorPlan plan = choice.Plans[i];
                Measured[] values = await measuring[i].ConfigureAwait(false);
                string time = SpooledTime.Format(UnixTime.Nanoseconds(TimeProvider.System.GetUtcNow()));
                for (int q = 0; q < values.Length; q++)
                {
                    Quantity quantity = plan.Sensor.Quantities[q];
                    if (choice.IsAskedFor(plan, quantity))
                    {
                        hasValue |= HasValue(values[q]);
                        output.WriteLine(parsed.GetValue(_json) ? ToJson(time, plan, quantity, values[q]) : ToText(time, plan, quantity, values[q]));
                    }
                }
                if ((Obstacle(plan.Sensor, values.Length) is { } obstacle) && obstacles.Add(obstacle))
                {
                    parsed.InvocationConfiguration.Error.WriteLine(obstacle);
                }
            }
            output.Flush();
            if (parsed.GetValue(_once))
            {
                return hasValue ? ExitCode.Success : ExitCode.Failure;
            }
            await Task.Delay(interval, TimeProvider.System, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>A sensor that learns from its hardware what it measures is asked for that first.</summary>
    private static async Task<Measured[]> MeasureAsync(ISensor sensor, CancellationToken cancellationToken)
    {
        if (sensor.Quantities.Count == 0)
        {
            await sensor.MeasureAsync([], cancellationToken).ConfigureAwait(false);
        }
        var values = new Measured[sensor.Quantities.Count];
        if (values.Length > 0)
        {
            await sensor.MeasureAsync(values, cancellationToken).ConfigureAwait(false);
        }
        return values;
    }

    private static string? Obstacle(ISensor sensor, int values) => sensor switch
    {
        LineLevel { Obstacle: { } obstacle } => obstacle,
        _ when values == 0 => $"There is no {sensor.Description}, or nothing of it can be read.",
        _ => null,
    };

    private static string ToText(string time, SensorPlan plan, Quantity quantity, Measured measured)
    {
        string value = HasValue(measured) ? $"{Value(quantity, measured)} {quantity.Unit}".TrimEnd() : "-";
        return $"{time}  {SensorChoice.SeriesOf(plan, quantity)}  {value}  {QualityWord.Of(measured.Quality)}";
    }

    private static string ToJson(string time, SensorPlan plan, Quantity quantity, Measured measured) => JsonText.Of(json =>
    {
        json.WriteStartObject();
        json.WriteString("time", time);
        json.WriteString("series", SensorChoice.SeriesOf(plan, quantity));
        json.WritePropertyName("value");
        json.WriteRawValue(HasValue(measured) ? Value(quantity, measured) : "null");
        json.WriteString("unit", quantity.Unit);
        json.WriteString("quality", QualityWord.Of(measured.Quality));
        json.WriteEndObject();
    });

    /// <summary>With as many decimals as the agent would store.</summary>
    private static string Value(Quantity quantity, Measured measured) => quantity.Kind == SeriesKind.Boolean
        ? (measured.Value != 0 ? "true" : "false")
        : Math.Round(measured.Value, quantity.Decimals).ToString("R", CultureInfo.InvariantCulture);

    private static bool HasValue(Measured measured) => measured.Quality < Quality.NoResponse;

    /// <summary>What is wrong with a bus or a device goes to standard error, beside the values.</summary>
    private static void AddErrors(ILoggingBuilder logging)
    {
        logging.SetMinimumLevel(LogLevel.Warning);
        logging.AddConsole(console => (console.FormatterName, console.LogToStandardErrorThreshold) = (PlainConsoleFormatter.FormatterName, LogLevel.Trace));
        logging.Services.AddSingleton(TimeProvider.System).AddSingleton<ConsoleFormatter, PlainConsoleFormatter>();
    }
}
