namespace Container.Runtime.Arguments;

/// <summary>
/// The command lines that runc and crun take: <c>--opt value</c>, <c>--opt=value</c>, <c>-o value</c>, <c>-ovalue</c>,
/// flags, bundled one-letter flags, and <c>--</c> before what must not be read as an option. As in runc a long name may
/// stand after one dash: containerd's shim says <c>-no-subreaper</c>.
/// </summary>
internal static class ArgumentParser
{
    /// <summary>Reads <paramref name="arguments"/> from <paramref name="index"/> on, which is left at what follows.</summary>
    /// <param name="arguments">The whole command line.</param>
    /// <param name="index">Where to begin.</param>
    /// <param name="options">What is known.</param>
    /// <param name="operandsBeforeEnd">
    /// How many operands may stand among the options; what follows the last of them is taken as it is.
    /// </param>
    public static ParsedArguments Parse(
        string[] arguments, ref int index, ReadOnlySpan<Option> options, int operandsBeforeEnd = int.MaxValue)
    {
        ParsedArguments parsed = new();
        while (index < arguments.Length && (operandsBeforeEnd == 0 || parsed.Operands.Count < operandsBeforeEnd))
        {
            string argument = arguments[index];
            if (argument == "--")
            {
                index++;
                break;
            }

            if (argument.Length < 2 || argument[0] != '-')
            {
                if (operandsBeforeEnd == 0) return parsed;
                parsed.AddOperand(argument);
                index++;
                continue;
            }

            index++;
            if (argument[1] == '-')
            {
                if (!TryParseLong(parsed, argument, 2, arguments, ref index, options))
                    throw new UsageException($"unknown option '{argument.Split('=')[0]}'");
                continue;
            }

            if (argument.Length == 2 || !TryParseLong(parsed, argument, 1, arguments, ref index, options))
                ParseShort(parsed, argument, arguments, ref index, options);
        }

        while (operandsBeforeEnd > 0 && index < arguments.Length) parsed.AddOperand(arguments[index++]);
        return parsed;
    }

    private static bool TryParseLong(
        ParsedArguments parsed, string argument, int dashes, string[] arguments, ref int index,
        ReadOnlySpan<Option> options)
    {
        int equals = argument.IndexOf('=');
        ReadOnlySpan<char> name = argument.AsSpan(dashes, (equals < 0 ? argument.Length : equals) - dashes);
        foreach (Option option in options)
        {
            if (!name.SequenceEqual(option.Name)) continue;
            if (equals >= 0) parsed.Add(option, CheckFlag(option, argument[(equals + 1)..]));
            else parsed.Add(option, option.Value is null ? "true" : Next(arguments, ref index, argument));
            return true;
        }

        return false;
    }

    private static void ParseShort(
        ParsedArguments parsed, string argument, string[] arguments, ref int index, ReadOnlySpan<Option> options)
    {
        for (int i = 1; i < argument.Length; i++)
        {
            Option option = Find(options, argument[i]) ?? throw new UsageException($"unknown option '-{argument[i]}'");
            if (option.Value is null)
            {
                parsed.Add(option, "true");
                continue;
            }

            string value = i + 1 < argument.Length
                ? argument[(argument[i + 1] == '=' ? i + 2 : i + 1)..]
                : Next(arguments, ref index, $"-{argument[i]}");
            parsed.Add(option, value);
            return;
        }
    }

    private static Option? Find(ReadOnlySpan<Option> options, char letter)
    {
        foreach (Option option in options)
        {
            if (option.Short == letter) return option;
        }

        return null;
    }

    private static string Next(string[] arguments, ref int index, string option) =>
        index < arguments.Length ? arguments[index++] : throw new UsageException($"{option} needs a value");

    private static string CheckFlag(Option option, string value) => option.Value is not null || value is "true" or "false"
        ? value
        : throw new UsageException($"--{option.Name}: '{value}' is not true or false");
}
