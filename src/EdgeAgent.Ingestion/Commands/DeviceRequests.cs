using System.CommandLine;
using EdgeAgent.Ingestion.Hosting;
using EdgeAgent.Ingestion.Requests;
using EdgeAgent.Ingestion.Web.Admin;

namespace EdgeAgent.Ingestion.Commands;

/// <summary>edge-ingestion device NAME read|status|spool|logs|log-level|restart|output: asks the device, waits for its answer, and prints it.</summary>
internal static class DeviceRequests
{
    private const int BadUse = 2;

    /// <summary>So long a request over HTTP waits; then the next one does.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(30);

    private static readonly Option<string> Wait = new("--wait")
    {
        Description = "How long to wait for the device, such as 30s or 2h: one on a metered line comes with its next upload. 1s to 24h.",
        HelpName = "DURATION",
        DefaultValueFactory = static _ => "60s",
        Recursive = true,
    };

    public static void AddTo(Command device, Argument<string> name)
    {
        device.Options.Add(Wait);
        var series = new Argument<string>("SERIES") { Description = "A series, or what the names of several begin with, such as cabinet/air." };
        Add("read", "Reads a sensor now.", parsed => new RequestForm("read", parsed.GetRequiredValue(series)), series);
        Add("status", "Shows how the device does: connection, lanes, clock, budgets, sensors.", static _ => new RequestForm("status"));
        Add("spool", "Shows what is in its buffer.", static _ => new RequestForm("spool"));

        var lines = new Option<int>("-n", "--lines") { Description = "So many.", DefaultValueFactory = static _ => RequestForm.DefaultLines };
        Add("logs", "Shows the last lines of its log.", parsed => new RequestForm("logs", Lines: parsed.GetValue(lines)), lines);

        var level = new Argument<string>("LEVEL") { Description = "trace, debug, information, warning or error." };
        var length = new Option<string>("--for") { Description = "For how long, such as 10m. At most 24h.", HelpName = "DURATION", DefaultValueFactory = static _ => "10m" };
        Add("log-level", "Makes its log more talkative for a time.", parsed => new RequestForm("log-level", Level: parsed.GetRequiredValue(level), ForSeconds: Seconds(parsed.GetValue(length))), level, length);
        Add("restart", "Ends the agent in order, so that it is started again.", static _ => new RequestForm("restart"));

        var output = new Argument<string>("SERIES") { Description = "The output, by the series that tells what it drives." };
        var value = new Argument<string>("VALUE") { Description = "on or off." };
        value.AcceptOnlyFromAmong("on", "off");
        Add("output", "Sets an output of the device.", parsed => new RequestForm("output", parsed.GetRequiredValue(output), Value: parsed.GetRequiredValue(value) == "on"), output, value);

        void Add(string word, string description, Func<ParseResult, RequestForm> form, params ReadOnlySpan<Symbol> symbols)
        {
            var command = new Command(word, description);
            foreach (Symbol symbol in symbols)
            {
                if (symbol is Argument argument)
                {
                    command.Arguments.Add(argument);
                }
                else
                {
                    command.Options.Add((Option)symbol);
                }
            }
            command.SetAction((parsed, stop) => RunAsync(parsed, parsed.GetRequiredValue(name), form(parsed) with { WaitSeconds = Seconds(parsed.GetValue(Wait)) }, stop));
            device.Subcommands.Add(command);
        }
    }

    private static async Task<int> RunAsync(ParseResult parsed, string device, RequestForm form, CancellationToken stop)
    {
        TextWriter errors = parsed.InvocationConfiguration.Error;
        if (form.TryRead(out _, out _) is { } problem)
        {
            await errors.WriteLineAsync($"This cannot be asked: {problem}");
            return BadUse;
        }
        try
        {
            using AdminClient client = AdminClient.Create(parsed);
            string path = $"devices/{Uri.EscapeDataString(device)}/requests";
            RequestView request = await client.PostAsync(path, form, RequestJson.Default.RequestForm, RequestJson.Default.RequestView, stop);
            while (RequestStates.Parse(request.State).IsOpen())
            {
                request = await client.GetAsync($"{path}/{request.Id}?wait={Poll.TotalSeconds}", RequestJson.Default.RequestView, stop);
            }
            if (parsed.GetValue(AdminAction.Json))
            {
                parsed.InvocationConfiguration.Output.WriteLine(RequestOutput.ToJson(request));
            }
            else
            {
                RequestOutput.Print(parsed.InvocationConfiguration.Output, errors, request);
            }
            return RequestOutput.ExitCode(RequestStates.Parse(request.State));
        }
        catch (HttpRequestException failure)
        {
            await errors.WriteLineAsync(failure.Message);
            return RequestOutput.ExitCode(RequestState.Failed);
        }
    }

    /// <returns>Negative where it is no duration, which is then refused with the bounds.</returns>
    private static double Seconds(string? text) => DurationConverter.TryParse(text ?? "", out TimeSpan duration) ? duration.TotalSeconds : -1;
}
