using System.CommandLine;
using EdgeAgent.Ingestion.Identity;

namespace EdgeAgent.Ingestion.Commands;

/// <summary>edge-ingestion dev-ca create: certificates for a desk, not for a fleet.</summary>
internal static class DevelopmentAuthorityCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("DIR")
        {
            Description = "Folder for the files. It is made where it does not exist; nothing in it is overwritten.",
        };
        var devices = new Option<string[]>("--device")
        {
            Description = "Name of a device to make a certificate for. May be given several times.",
        };
        var proxies = new Option<string[]>("--proxy")
        {
            Description = "Name of a proxy that ends the devices' TLS, to make a certificate for. May be given several times.",
        };
        var hosts = new Option<string[]>("--host")
        {
            Description = "A further DNS name or address of the service, beside localhost. May be given several times.",
        };
        var create = new Command(
            "create", "Makes a certificate authority for development, a certificate of the service, and one for each device.")
        {
            folder, devices, proxies, hosts,
        };
        create.SetAction(parsed => Run(parsed.GetValue(folder)!, parsed.GetValue(devices) ?? [], parsed.GetValue(hosts) ?? [], parsed.GetValue(proxies) ?? []));
        return new Command("dev-ca", "A certificate authority for development.") { create };
    }

    private static int Run(string folder, string[] devices, string[] hosts, string[] proxies)
    {
        try
        {
            foreach (string path in DevelopmentAuthority.Create(folder, devices, hosts, proxies))
            {
                Console.WriteLine(path);
            }
            Console.WriteLine("For development only: the authority's key is not protected, and everything expires in a year.");
            return 0;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            Console.Error.WriteLine(failure.Message);
            return 1;
        }
    }
}
