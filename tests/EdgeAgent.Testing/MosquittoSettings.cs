using System.Security.Cryptography.X509Certificates;

namespace EdgeAgent.Testing;

/// <summary>Lines of mosquitto.conf, together with the files that they name.</summary>
public static class MosquittoSettings
{
    /// <summary>mosquitto's own plugin, which Debian's package has.</summary>
    public const string DynamicSecurity = "/usr/lib/x86_64-linux-gnu/mosquitto_dynamic_security.so";

    public const string Anonymous = "allow_anonymous true";

    /// <summary>Sends as many messages ahead of their acknowledgements as the client's receive maximum allows, and more: 0 is no limit to it.</summary>
    public const string ManyInFlight = "max_inflight_messages 0";

    /// <summary>
    /// Keeps sessions and messages over a restart. The database is written at the end, on SIGUSR1, and by itself: <paramref name="saving"/> says
    /// when. What was acknowledged after the last writing is lost when it is killed.
    /// </summary>
    public static string Persistent(TemporaryFolder folder, string saving = "autosave_interval 3600") =>
        $"persistence true\npersistence_location {folder.Path}/\n{saving}";

    /// <summary>TLS with a server certificate of the authority, which also has to have signed the clients' where those are required.</summary>
    public static string Tls(TemporaryFolder folder, TestAuthority authority, bool requireCertificate)
    {
        File.WriteAllText(folder["ca.crt"], authority.RootPem);
        using X509Certificate2 server = authority.IssueServer();
        (string certificate, string key) = TestAuthority.WritePem(server, folder.Path, "server");
        string lines = $"cafile {folder["ca.crt"]}\ncertfile {certificate}\nkeyfile {key}";
        return requireCertificate ? $"{lines}\nallow_anonymous false\nrequire_certificate true\nuse_identity_as_username true" : lines;
    }

    /// <summary>Everybody is let in, and may subscribe to one filter alone. A file of access rules would not do: mosquitto grants each subscription then, and holds messages back.</summary>
    public static string Subscribing(TemporaryFolder folder, string filter)
    {
        File.WriteAllText(folder["security.json"], $$"""
            {
              "defaultACLAccess": { "publishClientSend": true, "publishClientReceive": true, "subscribe": false, "unsubscribe": true },
              "roles": [ { "rolename": "guest", "acls": [ { "acltype": "subscribePattern", "topic": "{{filter}}", "priority": 0, "allow": true } ] } ],
              "groups": [ { "groupname": "guests", "roles": [ { "rolename": "guest" } ] } ], "anonymousGroup": "guests", "clients": []
            }
            """);
        return $"{Anonymous}\nplugin {DynamicSecurity}\nplugin_opt_config_file {folder["security.json"]}";
    }

    /// <summary>Only this user is let in.</summary>
    public static string Password(TemporaryFolder folder, string user, string password)
    {
        string file = folder["passwords"];
        string program = InstalledFactAttribute.Find("mosquitto_passwd")!;
        ForeignProcess.RunAsync(program, ["-c", "-b", file, user, password], TimeSpan.FromSeconds(20)).GetAwaiter().GetResult();
        return $"allow_anonymous false\npassword_file {file}";
    }
}
