using System.CommandLine;
using System.Data.Common;
using System.Net;
using System.Security.Cryptography;
using EdgeAgent.Commands;
using EdgeAgent.Ingestion.Hosting;
using EdgeAgent.Ingestion.Storage;
using EdgeAgent.Supervision;

namespace EdgeAgent.Ingestion.Commands;

/// <summary>edge-ingestion serve: reads file and flags, reports all that is wrong with them, runs until it is told to stop.</summary>
internal static class ServeCommand
{
    private const int BadConfiguration = 2;
    private const int CannotStart = 1;

    /// <summary>Sessions that are open get time to have their data stored. After this the process ends in any case.</summary>
    public static readonly TimeSpan EndWithin = TimeSpan.FromSeconds(25);

    public static Command Create()
    {
        var config = new Option<string?>("--config")
        {
            Description = $"Configuration file, JSON with comments. Default: {ConfigurationFile.DefaultPath} where it exists.",
        };
        var data = new Option<string?>("--data") { Description = "Folder of the database." };
        var listen = new Option<string?>("--listen") { Description = "Address and port for devices, such as 0.0.0.0:8443." };
        var web = new Option<string?>("--web") { Description = "Address and port of the page and the read API, such as 127.0.0.1:8080." };
        var access = new Option<string?>("--access") { Description = "Who may read what devices have sent: signed-in, or open (on loopback only)." };
        var certificate = new Option<string?>("--certificate") { Description = "PEM file with the service's certificate. Without it the service issues itself one." };
        var key = new Option<string?>("--key") { Description = "PEM file with its key." };
        var clientAuthority = new Option<string?>("--client-ca") { Description = "PEM file with further authorities that sign devices and proxies." };
        var command = new Command("serve", "Receives what devices upload, stores it, and shows it.")
        {
            config, data, listen, web, access, certificate, key, clientAuthority,
        };
        command.SetAction((parsed, stop) =>
        {
            var options = new IngestionOptions();
            var problems = new List<ConfigurationProblem>();
            ConfigurationFile.ReadInstalled(parsed.GetValue(config), options, problems);
            options.Data = parsed.GetValue(data) ?? options.Data;
            options.CertificateFile = parsed.GetValue(certificate) ?? options.CertificateFile;
            options.KeyFile = parsed.GetValue(key) ?? options.KeyFile;
            options.ClientAuthorityFile = parsed.GetValue(clientAuthority) ?? options.ClientAuthorityFile;
            options.Listen = Endpoint("--listen", parsed.GetValue(listen), problems) ?? options.Listen;
            options.Web = Endpoint("--web", parsed.GetValue(web), problems) ?? options.Web;
            options.WebAccess.Reading = Reading(parsed.GetValue(access), problems) ?? options.WebAccess.Reading;
            IngestionOptionsRules.Check(options, problems);
            return problems.Count == 0 ? RunAsync(options, stop) : Report(problems);
        });
        return command;
    }

    private static IPEndPoint? Endpoint(string flag, string? text, List<ConfigurationProblem> problems)
    {
        if (text is null)
        {
            return null;
        }
        if (EndpointConverter.TryParse(text, out IPEndPoint endpoint))
        {
            return endpoint;
        }
        problems.Add(new(flag, $"\"{text}\" cannot be used.", EndpointConverter.Expected));
        return null;
    }

    private static WebReading? Reading(string? text, List<ConfigurationProblem> problems)
    {
        switch (text)
        {
            case null:
                return null;
            case "open":
                return WebReading.Open;
            case "signed-in":
                return WebReading.SignedIn;
            default:
                problems.Add(new("--access", $"\"{text}\" cannot be used.", "Write open or signed-in."));
                return null;
        }
    }

    private static async Task<int> Report(List<ConfigurationProblem> problems)
    {
        await Console.Error.WriteLineAsync(
            $"The service does not start: {(problems.Count == 1 ? "a setting is" : $"{problems.Count} settings are")} wrong.");
        foreach (ConfigurationProblem problem in problems)
        {
            await Console.Error.WriteLineAsync($"  {problem}");
        }
        return BadConfiguration;
    }

    private static async Task<int> RunAsync(IngestionOptions options, CancellationToken stop)
    {
        using SupervisorSocket supervisor = SupervisorSocket.FromEnvironment();
        using ILoggerFactory loggers = LoggerFactory.Create(logging => logging
            .SetMinimumLevel(LogLevel.Information)
            .AddFilter("Microsoft", LogLevel.Warning)
            .AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
                console.UseUtcTimestamp = true;
            }));
        try
        {
            StepDown.ToOwnerOf(options.Data);
            await using IngestionHost host = await IngestionHost.StartAsync(options, loggers, TimeProvider.System, stop);
            var devices = new IPEndPoint(options.Listen.Address, host.IngestPort);
            var page = new IPEndPoint(options.Web.Address, host.WebPort);
            Console.WriteLine($"Devices connect to {devices}; the page is at {(options.WebAccess.CertificateFile is null ? "http" : "https")}://{page}/; the database is {(options.Postgres.IsUsed ? "PostgreSQL" : $"in {options.Data}")}.");
            supervisor.TellReady($"Devices connect to {devices}.");
            await using (SelfWatch.Begin(supervisor, host, options, loggers))
            {
                await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            supervisor.TellStopping(EndWithin, "Stores what has arrived and ends.");
            return 0;
        }
        catch (Exception failure) when (IsOfTheEnvironment(failure))
        {
            await Console.Error.WriteLineAsync($"The service does not start: {failure.Message}");
            return CannotStart;
        }
    }

    private static bool IsOfTheEnvironment(Exception failure) =>
        failure is IOException or UnauthorizedAccessException or CryptographicException or DbException or InvalidDataException or StoreUnavailableException;
}
