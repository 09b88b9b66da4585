using System.CommandLine;
using EdgeAgent.Clock;
using EdgeAgent.Configuration;
using EdgeAgent.Diagnostics;
using EdgeAgent.Identity;
using EdgeAgent.Spooling;
using EdgeAgent.Uplink;
using EdgeAgent.Uplink.Connecting;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Commands;

/// <summary><c>edge-agent enroll</c>: gets the device its certificate by a one-time token. The agent may be running: it takes the certificate at once.</summary>
internal static class EnrollCommand
{
    /// <summary>For --token: it is read from standard input, so that it stands in no history of a shell and in no list of processes.</summary>
    private const string StandardInput = "-";

    public static Command Create()
    {
        Option<string> file = ConfigurationOption.Create();
        var token = new Option<string>("--token") { Description = "The one-time token that the service made for this device; - reads it from standard input.", HelpName = "TOKEN", Required = true };
        var cloud = new Option<string?>("--cloud") { Description = "The service, instead of the one that the configuration names.", HelpName = "https://HOST:PORT" };
        var authority = new Option<string?>("--ca") { Description = "PEM file with the roots to trust for this. The agent's user has to be able to read it.", HelpName = "FILE" };
        var pin = new Option<string?>("--pin") { Description = "SHA-256 of a public key by which the service is known, though nobody vouches for it.", HelpName = "SHA256" };
        var command = new Command("enroll", "Get this device its certificate by a one-time token.") { file, token, cloud, authority, pin };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (!ConfigurationOption.TryReadIfThere(parsed, file, out AgentConfiguration? configuration))
            {
                return ExitCode.Configuration;
            }
            if (configuration is { Identity: null })
            {
                return CommandOutcome.Fail(parsed, "The configuration names certificate and key (cloud.certificate): they are yours to manage, and there is nothing to enrol.");
            }
            if (configuration is null && parsed.GetValue(cloud) is null)
            {
                return CommandOutcome.Fail(parsed, "There is no configuration. Say where the service is with --cloud.");
            }
            if (!TryChoose(parsed.GetValue(cloud), parsed.GetValue(authority), parsed.GetValue(pin), configuration, out UplinkOptions options, out string? problem))
            {
                return CommandOutcome.Fail(parsed, problem!);
            }
            string text = parsed.GetRequiredValue(token) is var given && given == StandardInput ? Console.In.ReadLine() ?? "" : given;
            return await CommandOutcome.RunAsync(parsed, () => EnrollAsync(parsed, configuration, options, text.Trim(), cancellationToken)).ConfigureAwait(false);
        });
        return command;
    }

    private static async Task<int> EnrollAsync(
        ParseResult parsed, AgentConfiguration? configuration, UplinkOptions options, string token, CancellationToken cancellationToken)
    {
        IdentityStore store = options.Identity!;
        StepDown.ToOwnerOf(store.Folder);
        using IDisposable? held = store.TryLock();
        if (held is null)
        {
            return CommandOutcome.Fail(parsed, $"Somebody else changes the identity in {store.Folder} at this moment. Try again.");
        }
        TimeProvider time = TimeProvider.System;
        AgentClock clock = ClockServices.Create(
            configuration?.Clock ?? new ClockOptions(), configuration?.Spool ?? new SpoolOptions { Path = store.Folder }, time, NullLogger<AgentClock>.Instance);
        using var metrics = new AgentMetrics();
        using var connection = new UplinkConnection(options, metrics, new CertificateTimes(clock, time), time, Random.Shared, NullLogger.Instance);
        int generation = store.Current + 1;
        IssueResult result = await new Issuance(store, options, time).EnrollAsync(connection.Client(), token, generation, cancellationToken).ConfigureAwait(false);
        if (result.Outcome != IssueOutcome.Issued)
        {
            return CommandOutcome.Fail(parsed, $"{Sentence(result.Outcome)} {result.Reason}");
        }
        store.Promote(generation);
        StoredCertificate stored = store.Read(generation)!;
        parsed.InvocationConfiguration.Output.WriteLine(
            $"This device is enrolled as {DeviceName.Of(stored.Own)}; its certificate is valid until {stored.Own.NotAfter.ToUniversalTime():yyyy-MM-dd HH:mm} UTC.");
        return ExitCode.Success;
    }

    private static bool TryChoose(
        string? cloud, string? authority, string? pin, AgentConfiguration? configuration, out UplinkOptions options, out string? problem)
    {
        IReadOnlyCollection<string> pins = configuration?.Identity?.Pins ?? [];
        options = configuration?.Cloud ?? new UplinkOptions();
        problem = null;
        if (pin is not null)
        {
            if (!PublicKeyPin.TryRead(pin, out string? read))
            {
                problem = $"\"{pin}\" is not a pin. Write the SHA-256 of a SubjectPublicKeyInfo in base64 or hexadecimal digits.";
                return false;
            }
            pins = [read];
        }
        else if (authority is not null)
        {
            // Who names an authority does not want less.
            pins = [];
        }
        options = options.ForEnrolment(pins);
        options.Identity ??= IdentityStore.Of(new IdentityOptions { Folder = Path.Combine(new DeviceOptions().StateFolder, IdentityOptions.FolderName) });
        options.AuthorityFile = authority ?? options.AuthorityFile;
        if (cloud is null)
        {
            return true;
        }
        bool isAddress = Uri.TryCreate(cloud, UriKind.Absolute, out Uri? endpoint) && endpoint is { Scheme: "https", PathAndQuery: "/" or "" };
        problem = isAddress ? null : $"\"{cloud}\" is not an address. Write https://host:port.";
        if (isAddress)
        {
            (options.Endpoint, options.FurtherEndpoints) = (endpoint!, []);
        }
        return isAddress;
    }

    private static string Sentence(IssueOutcome outcome) => outcome switch
    {
        IssueOutcome.Refused => "The service does not accept the token: it is unknown, used or expired. Make a new one there (edge-ingestion token create --device NAME).",
        IssueOutcome.Unusable => "The service cannot use the request for a certificate.",
        IssueOutcome.Wrong => "The service's answer cannot be used, and nothing of it was kept.",
        IssueOutcome.NotServed => "Whoever answers there issues no certificates: look at the address, and at the service's version.",
        _ => "The service gave no answer. Try again with the same token: the key is kept.",
    };
}
