namespace Lockstep.Jsonata.Pictures;

/// <summary>
/// The components that a text gave, on their way to a moment. What is larger than the first one given comes from now, what is smaller than
/// the last is the least there is, and between them none may lack. Values too large for their place run over into the next.
/// </summary>
internal sealed class DateTimeValues(CivilTime now)
{
    private const double MostOfAny = 1e9;

    private readonly Dictionary<char, double?> _given = [];

    /// <summary>Minutes ahead of UTC.</summary>
    public int OffsetMinutes { get; set; }

    /// <summary>Notes a component; null when its name is not known. The last of several wins.</summary>
    public void Set(char specifier, double? value) => _given[specifier] = value is double number && double.IsNaN(number) ? null : value;

    /// <summary>The moment.</summary>
    /// <exception cref="JsonataException">D3136: a component lacks or its name is unknown; D3110: no date that far away.</exception>
    public long ToMillis()
    {
        string date = Has('d') && !Has('M') && !Has('D') ? "Yd" : Has('X') && !Has('Y') && !Has('M') && !Has('D') ? "XWF" : "YMD";
        string time = Has('h') || Has('P') ? "Phmsf" : "Hmsf";
        Dictionary<char, double> all = Complete(date + time);
        double day = date switch
        {
            "Yd" => CivilDate.FirstDayOf(Year(all['Y'])) + all['d'] - 1,
            "XWF" => CivilDate.ThursdayOf(CivilDate.FirstDayOf(Year(all['X'])) + 3) - 4 + 7 * (all['W'] - 1) + all['F'],
            _ => CivilDate.ToDay(Year(all['Y']), (int)all['M'], (long)all['D']),
        };
        double hour = time[0] == 'H' ? all['H'] : (all['h'] == 12 ? 0 : all['h']) + 12 * all['P'];
        return CivilTime.Millis(day, hour, all['m'], all['s'], all['f'], OffsetMinutes);
    }

    private bool Has(char specifier) => _given.ContainsKey(specifier);

    // Two digits mean the twentieth century, as in ECMAScript.
    private static int Year(double year) => (int)year + (year is >= 0 and < 100 ? 1900 : 0);

    private Dictionary<char, double> Complete(string order)
    {
        var all = new Dictionary<char, double>();
        bool started = false;
        bool ended = false;
        foreach (char specifier in order)
        {
            if (!_given.TryGetValue(specifier, out double? given))
            {
                ended |= started;
                all[specifier] = started ? Least(specifier) : OfNow(specifier);
                continue;
            }

            if (ended || given is not double value)
            {
                throw Incomplete(specifier);
            }

            started = true;
            all[specifier] = value <= MostOfAny ? value : throw CivilTime.OutOfRange();
        }

        return started ? all : throw Incomplete(order[0]);
    }

    private static double Least(char specifier) => specifier is 'M' or 'D' or 'd' or 'W' or 'F' ? 1 : 0;

    // Without am or pm an hour is taken as it is.
    private double OfNow(char specifier) => specifier switch
    {
        'Y' => now.Date.Year,
        'X' => CivilDate.OfDay(CivilDate.ThursdayOf(now.Day)).Year,
        'M' => now.Date.Month,
        'D' => now.Date.Day,
        'H' => now.Hour,
        'h' => (now.Hour + 11) % 12 + 1,
        'm' => now.Minute,
        's' => now.Second,
        'P' => 0,
        _ => Least(specifier),
    };

    private static JsonataException Incomplete(char specifier) => new(
        "D3136", "The date/time picture string is missing specifiers required to parse the timestamp", token: specifier.ToString());
}
