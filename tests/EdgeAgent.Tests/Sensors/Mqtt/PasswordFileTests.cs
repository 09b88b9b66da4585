using EdgeAgent.Sensors.Mqtt.Intake;

namespace EdgeAgent.Tests.Sensors.Mqtt;

public sealed class PasswordFileTests
{
    /// <summary>Written by mosquitto_passwd 2.0.11 for the password "from-file".</summary>
    public const string Bob =
        "bob:$7$101$tRvZaxYld/F6L4WW$7VQSybVfMGye6JmM4HAvkdmMfIx/pXM5HaFA/b2QoLYMu5qi8NBo9mXEp0PQdfiyiSM+kBm+3QbvfvBNsO7Q1A==";

    [Fact]
    public void A_line_of_mosquitto_passwd_admits_its_password_and_no_other()
    {
        Assert.True(PasswordHash.TryParse(Bob, out string name, out PasswordHash? hash));
        Assert.Equal("bob", name);
        Assert.True(hash.Matches("from-file"u8));
        Assert.False(hash.Matches("from-fil"u8));
        Assert.False(hash.Matches(""u8));
    }

    [Theory]
    [InlineData("")]
    [InlineData("bob")]
    [InlineData("bob:plain")]
    [InlineData(":$7$101$AAAA$AAAA")]
    [InlineData("bob:$6$AAAA$AAAA")]
    [InlineData("bob:$7$0$AAAA$AAAA")]
    [InlineData("bob:$7$99999999$AAAA$AAAA")]
    [InlineData("bob:$7$101$?$AAAA")]
    [InlineData("bob:$7$101$AAAA$")]
    public void Anything_else_is_refused(string line) => Assert.False(PasswordHash.TryParse(line, out _, out _));
}
