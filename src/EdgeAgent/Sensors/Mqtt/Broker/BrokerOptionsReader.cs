using EdgeAgent.Configuration;
using EdgeAgent.Sensors.Mqtt.Mapping;

namespace EdgeAgent.Sensors.Mqtt.Broker;

/// <summary>An entry of section <c>mqtt</c> with a "broker".</summary>
internal static class BrokerOptionsReader
{
    public static MqttBrokerOptions Read(ConfigSection section)
    {
        Uri? address = section.Address(
            "broker", required: true, (MqttOptionsReader.PlainScheme, MqttOptionsReader.PlainPort), (MqttOptionsReader.TlsScheme, MqttOptionsReader.TlsPort));
        var standard = new MqttBrokerOptions { Name = "", Address = new Uri("mqtt://localhost:1883"), Rules = [] };
        (string? certificate, string? key) = CertificateFiles.ReadPair(section, "certificate", "key", required: false);
        TimeSpan second = TimeSpan.FromSeconds(1), day = TimeSpan.FromDays(1);
        var options = new MqttBrokerOptions
        {
            Address = address ?? standard.Address,
            Name = section.Text("name") ?? (address ?? standard.Address).Authority,
            TakeRetained = section.Flag("retained", standard.TakeRetained),
            // The default holds the machine's name: the schema describes it in words.
            ClientId = section.Text("clientId") ?? standard.ClientId,
            UserName = section.Text("username"),
            Password = Secret.Read(section, "password"),
            AuthorityFile = CertificateFiles.ReadAuthorities(section, "ca"),
            CertificateFile = certificate,
            KeyFile = key,
            SessionExpiry = section.Time("sessionExpiry", standard.SessionExpiry, TimeSpan.Zero, 365 * day),
            KeepAlive = section.Time("keepAlive", standard.KeepAlive, second, TimeSpan.FromHours(1)),
            ConnectTimeout = section.Time("connectTimeout", standard.ConnectTimeout, second, TimeSpan.FromMinutes(10)),
            ReceiveMaximum = section.Integer("receiveMaximum", standard.ReceiveMaximum, 1, ushort.MaxValue),
            BackoffFirst = section.Time("backoffFirst", standard.BackoffFirst, TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1)),
            BackoffLast = section.Time("backoffLast", standard.BackoffLast, TimeSpan.FromMilliseconds(10), day),
            Source = section.Node.Canonical,
            Rules = RuleReader.Read(section, "subscribe", hasQualityOfService: true),
        };
        AgentConfigurationReader.RequireOrder(section, "backoffFirst", options.BackoffFirst, "backoffLast", options.BackoffLast);
        if (options.Address.Scheme == MqttOptionsReader.PlainScheme && (section.Has("ca") || section.Has("certificate")))
        {
            section.Report("broker", "Certificates mean nothing without TLS. Write mqtts:// or remove them.");
        }
        return options;
    }
}
