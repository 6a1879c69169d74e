using System.Globalization;

namespace Container.Runtime.Arguments;

/// <summary>What a command line said.</summary>
internal sealed class ParsedArguments
{
    private readonly List<(string Name, string Value)> values = [];
    private readonly List<string> operands = [];

    /// <summary>What is no option, in order.</summary>
    public IReadOnlyList<string> Operands => operands;

    /// <summary>Whether a flag was given, and not as <c>--flag=false</c>.</summary>
    public bool Flag(string name) => Value(name) is not (null or "false");

    /// <summary>The value of an option, the last one where there are several; null where it was not given.</summary>
    public string? Value(string name)
    {
        for (int i = values.Count - 1; i >= 0; i--)
        {
            if (values[i].Name == name) return values[i].Value;
        }

        return null;
    }

    /// <summary>All values of an option that may be repeated.</summary>
    public List<string> Values(string name)
    {
        List<string> found = [];
        foreach ((string key, string value) in values)
        {
            if (key == name) found.Add(value);
        }

        return found;
    }

    /// <summary>The value of an option that is a number, or <paramref name="absent"/>.</summary>
    public int Number(string name, int absent, int least, int most)
    {
        string? text = Value(name);
        if (text is null) return absent;
        bool valid = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number);
        return valid && number >= least && number <= most
            ? number
            : throw new UsageException($"--{name}: '{text}' is not a number from {least} to {most}");
    }

    internal void Add(Option option, string value)
    {
        if (!option.Repeats && option.Value is not null && Value(option.Name) is not null)
            throw new UsageException($"--{option.Name} is given twice");
        values.Add((option.Name, value));
    }

    internal void AddOperand(string operand) => operands.Add(operand);
}
