using System.Net;
using System.Text;
using EdgeAgent.Configuration;

namespace EdgeAgent.LocalStatus;

/// <summary>Section <c>local</c>.</summary>
internal static class LocalOptionsReader
{
    /// <summary>sun_path of unix(7), less the zero at its end.</summary>
    private const int LongestSocketPath = 107;

    public static LocalOptions Read(ConfigSection section)
    {
        var standard = new LocalOptions();
        var options = new LocalOptions
        {
            Socket = ReadSocket(section),
            Listen = ReadListen(section),
            BeyondDevice = section.Flag("beyondDevice", standard.BeyondDevice),
            Metrics = section.Flag("metrics", standard.Metrics),
            Page = section.Flag("page", standard.Page),
        };
        if (options is { Listen: { } listen, BeyondDevice: false } && !IPAddress.IsLoopback(listen.Address))
        {
            section.Report(
                "listen", $"Other machines reach {listen.Address}, and nobody is asked for a password. Listen on 127.0.0.1, or let \"beyondDevice\" be true if everybody there may look.");
        }
        if (options.Listen is null && (options.Page || options.BeyondDevice))
        {
            section.Report(options.Page ? "page" : "beyondDevice", "This means nothing without a port. Give \"listen\", such as \"127.0.0.1:9464\".");
        }
        return options;
    }

    private static string? ReadSocket(ConfigSection section)
    {
        if (!section.Has("socket"))
        {
            // Asked for so that the key is known.
            section.Any("socket");
            return null;
        }
        string path = section.Folder("socket", "");
        if (Encoding.UTF8.GetByteCount(path) > LongestSocketPath)
        {
            section.Report("socket", $"The path of a socket has at most {LongestSocketPath} bytes. Choose a shorter one.");
        }
        return path;
    }

    private static IPEndPoint? ReadListen(ConfigSection section)
    {
        if (section.Text("listen") is not { } text)
        {
            return null;
        }
        if (IPEndPoint.TryParse(text, out IPEndPoint? endpoint) && endpoint.Port > 0)
        {
            return endpoint;
        }
        section.Report("listen", $"\"{text}\" is not an address and a port. Write them such as \"127.0.0.1:9464\" or \"[::1]:9464\".");
        return null;
    }
}
