using System.Runtime.Versioning;

// mosquitto, file modes, kill -9: all of this is about Linux.
[assembly: SupportedOSPlatform("linux")]
