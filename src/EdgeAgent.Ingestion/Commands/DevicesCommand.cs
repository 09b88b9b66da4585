using System.CommandLine;
using EdgeAgent.Ingestion.Web.Admin;

namespace EdgeAgent.Ingestion.Commands;

/// <summary>edge-ingestion devices.</summary>
internal static class DevicesCommand
{
    public static Command Create()
    {
        var command = new Command("devices", "All devices that have a certificate of this service, or of which something was decided.") { AdminAction.Json };
        command.Does(static async (parsed, client, stop) => AdminAction.Print(
            parsed, await client.GetAsync("devices", IdentityJson.Default.DeviceStandingsAnswer, stop), IdentityJson.Default.DeviceStandingsAnswer,
            static answer => answer.Devices.Select(device =>
                $"{device.Device,-32} {device.Standing,-11} certificate until {device.CertificateUntil ?? "-"}  {device.Reason}")));
        return AdminClient.WithOptions(command);
    }
}
