using System.CommandLine;

namespace EdgeAgent.Ingestion.Commands;

/// <summary>edge-ingestion device NAME …: what is done with one device, through a running service.</summary>
internal static class DeviceCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("NAME") { Description = "The device, as its certificate names it." };
        var command = new Command("device", "Asks a connected device, or decides about it.") { name };
        DeviceRequests.AddTo(command, name);
        return AdminClient.WithOptions(command);
    }
}
