using System.Net;
using EdgeAgent.Commands;
using EdgeAgent.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAgent.LocalStatus;

/// <summary>
/// What is told, and to whom. All of it only looks:
/// <code>
/// GET /         the page
/// GET /status   AgentStatusJson; 503 and { "version", "state": "rebuilding", "sentence" } while there is no inside
/// GET /metrics  PrometheusText; 503 likewise, in a sentence
/// </code>
/// Over a port the Host must be an address, localhost or the machine's own name: a page from elsewhere whose name was made to lead here (DNS rebinding) has another.
/// </summary>
/// <param name="inside">What runs at present; null between two.</param>
/// <param name="options">What is offered.</param>
/// <param name="isPort">Whoever asks comes over the network, if only this device's own.</param>
internal sealed class LocalSite(Func<AgentHost?> inside, LocalOptions options, bool isPort)
{
    private const string Rebuilding = "The agent is starting, ending, or built anew for another configuration. Ask again in a moment.";
    private const string Unavailable = "503 Service Unavailable";

    public LocalAnswer Answer(in RequestHead request)
    {
        if (isPort && !IsOurs(request.Host))
        {
            return LocalAnswer.Refusal("421 Misdirected Request", "This device is not called so. Use its address.");
        }
        bool isKnown = request.Path switch
        {
            "/" or "/status" => !isPort || options.Page,
            "/metrics" => !isPort || options.Metrics,
            _ => false,
        };
        return !isKnown ? LocalAnswer.Refusal("404 Not Found", "There is nothing here: see section \"local\" of the configuration.")
            : request.Method != "GET" ? LocalAnswer.Refusal("405 Method Not Allowed", "This only looks. Use GET.")
            : request.Path == "/" ? StatusPage.Answer
            : Look(request.Path);
    }

    private LocalAnswer Look(string path)
    {
        bool isStatus = path == "/status";
        try
        {
            if (inside() is { } host)
            {
                return isStatus
                    ? LocalAnswer.Of(LocalAnswer.Json, AgentStatusJson.Of(host.Services.GetRequiredService<StatusSource>().Look()))
                    : LocalAnswer.Of(PrometheusText.ContentType, PrometheusText.Of(host.Metrics));
            }
        }
        catch (ObjectDisposedException)
        {
            // It ended while it was looked at.
        }
        return isStatus ? LocalAnswer.Of(LocalAnswer.Json, AgentStatusJson.Without(Rebuilding)) with { Status = Unavailable } : LocalAnswer.Refusal(Unavailable, Rebuilding);
    }

    private bool IsOurs(string? host)
    {
        if (host is null)
        {
            return false;
        }
        int colon = host.LastIndexOf(':');
        string name = colon > host.LastIndexOf(']') ? host[..colon] : host;
        return IPAddress.TryParse(name.Trim('[', ']'), out _)
            || name.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (options.BeyondDevice
                && (name.Equals(Environment.MachineName, StringComparison.OrdinalIgnoreCase)
                    || name.Equals(Environment.MachineName + ".local", StringComparison.OrdinalIgnoreCase)));
    }
}
