using EdgeAgent.Packaging;

// Started by Packages.targets: what is wrong is printed as an error of the build, in one line.
try
{
    foreach (string made in Packages.Write(PackageRequest.Parse(args)))
    {
        Console.WriteLine(made);
    }
    return 0;
}
catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException or ArgumentException)
{
    Console.Error.WriteLine($"EdgeAgent.Packaging: error : {failure.Message}");
    return 1;
}
