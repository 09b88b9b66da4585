using System.Net;
using EdgeAgent.Configuration;
using EdgeAgent.Sensors.Mqtt.Mapping;

namespace EdgeAgent.Sensors.Mqtt.Intake;

/// <summary>An entry of section <c>mqtt</c> with a "listen".</summary>
internal static class IntakeOptionsReader
{
    /// <returns>Null where there is no address to listen on; everything else has been read and reported all the same.</returns>
    public static MqttIntakeOptions? Read(ConfigSection section)
    {
        Uri? address = section.Address(
            "listen", required: true, (MqttOptionsReader.PlainScheme, MqttOptionsReader.PlainPort), (MqttOptionsReader.TlsScheme, MqttOptionsReader.TlsPort));
        IPAddress? ip = address is null ? null : ReadAddress(section, address);
        bool isTls = address?.Scheme == MqttOptionsReader.TlsScheme;
        (string? certificate, string? key) = CertificateFiles.ReadPair(section, "certificate", "key", required: isTls);
        string? clientAuthority = CertificateFiles.ReadAuthorities(section, "clientCa");
        IntakeUsers users = ReadUsers(section);
        bool isLoopback = ip is not null && IPAddress.IsLoopback(ip);
        bool allowsAnonymous = ReadAnonymous(section, isLoopback && users.IsEmpty && clientAuthority is null);
        IReadOnlyList<MappingRule> rules = RuleReader.Read(section, "rules", hasQualityOfService: false);
        string name = section.Text("name") ?? address?.Authority ?? "";
        bool takesRetained = section.Flag("retained", true);
        if (address is null || ip is null)
        {
            return null;
        }
        if (!isTls && (certificate is not null || clientAuthority is not null))
        {
            section.Report("listen", "Certificates mean nothing without TLS. Write mqtts:// or remove them.");
        }
        if (users.IsEmpty && clientAuthority is null && !allowsAnonymous)
        {
            section.Report(
                "listen", "Nobody could publish here. Give \"users\", \"passwordFile\" or \"clientCa\", or let \"anonymous\" be true if every host that reaches this port may publish.");
        }
        return new MqttIntakeOptions
        {
            Name = name,
            EndPoint = new IPEndPoint(ip, address.Port),
            CertificateFile = certificate,
            KeyFile = key,
            ClientAuthorityFile = clientAuthority,
            Users = users,
            AllowsAnonymous = allowsAnonymous,
            TakeRetained = takesRetained,
            Source = section.Node.Canonical,
            Listener = section.Node.Without("rules", "retained").Canonical,
            Rules = rules,
        };
    }

    private static IPAddress? ReadAddress(ConfigSection section, Uri address)
    {
        // A name could resolve to more than one interface; which one is meant must be clear.
        if (address.Host == "localhost")
        {
            return IPAddress.Loopback;
        }
        if (IPAddress.TryParse(address.Host.Trim('[', ']'), out IPAddress? ip))
        {
            return ip;
        }
        section.Report("listen", $"\"{address.Host}\" is not an IP address of this machine. Write 127.0.0.1, 0.0.0.0, [::] or one interface's address.");
        return null;
    }

    private static bool ReadAnonymous(ConfigSection section, bool fallback)
    {
        // No default in the schema: it depends on the address and on what else is given.
        ConfigNode? value = section.Any("anonymous");
        if (value is not null && value.Kind != ConfigNodeKind.Boolean)
        {
            section.Report("anonymous", $"This is {value.Describe()} where true or false belongs. Change it.");
        }
        return value?.Boolean ?? fallback;
    }

    private static IntakeUsers ReadUsers(ConfigSection section)
    {
        var secrets = new Dictionary<string, Secret>(StringComparer.Ordinal);
        foreach (ConfigSection user in section.Sections("users"))
        {
            string? name = user.Text("name", required: true);
            Secret? password = Secret.Read(user, "password");
            if (!user.Has("password"))
            {
                user.Report("password", "This key is missing. Add it.");
            }
            if (name is not null && password is not null && !secrets.TryAdd(name, password))
            {
                user.Report("name", $"There are two users \"{name}\". Remove one of them.");
            }
        }
        var hashes = new Dictionary<string, PasswordHash>(StringComparer.Ordinal);
        string? file = section.ExistingFile("passwordFile");
        string[] lines = File.Exists(file) ? File.ReadAllLines(file) : [];
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i].Length == 0 || lines[i][0] == '#')
            {
                continue;
            }
            if (PasswordHash.TryParse(lines[i], out string name, out PasswordHash? hash))
            {
                hashes[name] = hash;
            }
            else
            {
                section.Report("passwordFile", $"Line {i + 1} of {file} is not what mosquitto_passwd 2.0 writes. Write it anew with mosquitto_passwd.");
            }
        }
        return new IntakeUsers(secrets, hashes);
    }
}
