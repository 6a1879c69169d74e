using Container.Help;

if (args.Length is not (2 or 3))
{
    Console.Error.WriteLine("usage: Container.Help DIRECTORY-OF-PAGES FILE [ADDRESS-OF-PAGES]");
    return 1;
}

try
{
    string? address = args.Length > 2 && args[2].Length > 0 ? args[2].TrimEnd('/') : null;
    string[] files = Directory.GetFiles(args[0], "*-*.md");
    Array.Sort(files, StringComparer.Ordinal);
    MamlWriter.Write(args[1], [.. files.Select(HelpPage.Read)], address);
    return 0;
}
catch (HelpException failure)
{
    // As compilers say it: a build shows it as an error of that line.
    Console.Error.WriteLine(failure.Message);
    return 1;
}
