"""What people read, in Vietnamese and English: one table."""

PHRASES = {
    # terminal and card
    "yes": ("có", "yes"),
    "no": ("không", "no"),
    "review": ("cần người xem", "for review"),
    "probability": ("xác suất {p}", "probability {p}"),
    "threshold": ("có từ {t}", "yes from {t}"),
    "against_theme": ("so với {theme}", "against {theme}"),
    "start": ("điểm xuất phát", "start"),
    "sum": ("tổng", "sum"),
    "clearest": ("đoạn nói rõ nhất", "clearest"),
    "others": ("{n} từ khác", "{n} other word{s}"),
    "other_passages": ("{n} đoạn khác", "{n} other passage{s}"),
    "without": ("bỏ đoạn này: {p} {decision}", "without: {p} {decision}"),
    "for": ("ủng hộ", "for"),
    "against": ("phản đối", "against"),
    "unknown": ("không có từ nào mô hình biết", "no word the model knows"),
    "strange": (
        "không gán chủ đề nào: đây là tiếng khác, bảng mã khác hay không phải văn bản",
        "no theme is given: another language or encoding, or no text at all",
    ),
    # card
    "why": ("Vì sao {theme}?", "Why {theme}?"),
    "why_not": ("Vì sao không phải {theme}?", "Why not {theme}?"),
    "start_long": (
        "điểm xuất phát: bài không có từ nào mô hình biết",
        "start: an article without any word the model knows",
    ),
    "sum_long": ("tổng {z} điểm → xác suất {p}", "sum {z} points → probability {p}"),
    "sum_against": (
        "tổng {z} điểm so với {theme}; xác suất {p}",
        "sum {z} points against {theme}; probability {p}",
    ),
    "point": (
        "mỗi điểm nhân tỉ lệ có/không lên 2,7 lần",
        "each point multiplies the odds by 2.7",
    ),
    "point_note": (
        "Mỗi điểm nhân tỉ lệ có/không lên 2,7 lần.",
        "Each point multiplies the odds by 2.7.",
    ),
    "clearest_passage": ("đoạn nói rõ nhất", "clearest passage"),
    "without_passage": ("bỏ đoạn này: xác suất {p}", "without this passage: probability {p}"),
    "painted": ("{n} của {all} từ được tô", "{n} of {all} words painted"),
    "legend": (
        "Từ gạch liền nói cho chủ đề, từ gạch đứt nói ngược lại; càng đậm càng mạnh.",
        "Words underlined solid speak for the theme, dashed against it; the darker, the stronger.",
    ),
    "words": ("Từ và điểm", "Words and points"),
    "word": ("từ", "word"),
    "points": ("điểm", "points"),
    "passage": ("đoạn", "passage"),
    "times": ("số lần", "times"),
    "ledger": ("điểm của từng đoạn: {theme}", "points of each passage: {theme}"),
    "text_left_out": ("{n} ký tự không lưu ở đây", "{n} character{s}, not kept here"),
    "no_title": ("bài không có tiêu đề", "untitled article"),
    "explanations": ("Vì sao các bài này có chủ đề ấy", "Why these articles have their themes"),
    "themes": ("chủ đề", "themes"),
    # report
    "report": ("Mô hình chủ đề {version}", "Theme model {version}"),
    "language": ("English", "Tiếng Việt"),
    "in_hundred": (
        "Trong 100 bài mô hình chưa từng thấy, {right} bài đúng mọi chủ đề; {doubt} bài nên có "
        "người xem.",
        "Of 100 articles the model had never seen, {right} get every theme right; {doubt} should "
        "be seen by a person.",
    ),
    "in_hundred_one": (
        "Trong 100 bài mô hình chưa từng thấy, {right} bài được xếp đúng chủ đề; {doubt} bài nên "
        "có người xem.",
        "Of 100 articles the model had never seen, {right} get the right theme; {doubt} should be "
        "seen by a person.",
    ),
    "whose": (
        "Đó là những bài giống bài huấn luyện ({n} bài). Với bài của nơi khác, hãy đo lại bằng "
        "chude evaluate.",
        "These were articles like those it was trained on ({n}). On articles from elsewhere, "
        "measure again with chude evaluate.",
    ),
    "few": (
        "Chỉ có {n} bài: các con số này còn rất bất định, hãy nhìn khoảng chứ đừng nhìn điểm.",
        "Only {n} articles: these figures are very uncertain; look at the intervals, not the dots.",
    ),
    "by_theme": ("Tốt đến đâu, theo từng chủ đề", "How good, theme by theme"),
    "theme": ("chủ đề", "theme"),
    "articles": ("số bài", "articles"),
    "precision": ("khi nói có, đúng", "right when it says yes"),
    "recall": ("tìm được", "found"),
    "yes_from": ("có từ", "yes from"),
    "axis": (
        "Chấm là giá trị, vạch là khoảng tin cậy 95 %. Trục bắt đầu từ {low}.",
        "The dot is the value, the line its 95 % interval. The axis starts at {low}.",
    ),
    "by_source": ("Theo nguồn bài", "By source of the articles"),
    "source": ("nguồn", "source"),
    "written": ("bài có sẵn văn bản: {n}", "articles that came as texts: {n}"),
    "counted": ("{name}, chỉ có số đếm: {n}", "{name}, counts alone: {n}"),
    "as_above": ("Đó là các con số ở trên.", "These are the figures above."),
    "errors_to_read": ("{n} lỗi để đọc", "{n} error{s} to read"),
    "missed": ("bỏ sót", "missed"),
    "wrongly_given": ("gán thừa", "wrongly given"),
    "no_errors": ("Không có lỗi nào.", "There is no error."),
    "thresholds": ("Nếu đặt ngưỡng khác", "With another threshold"),
    "threshold_note": (
        "Ngưỡng cao hơn: ít bài được gán hơn, nhưng đúng hơn. Các con số ở trên có thể hơi khác: ở "
        "đó mỗi phần kiểm tra chéo có ngưỡng riêng.",
        "A higher threshold gives the theme to fewer articles, but more surely. The figures above "
        "may differ a little: there each fold had a threshold of its own.",
    ),
    "exclusive_note": (
        "Mỗi bài nhận đúng một chủ đề, chủ đề có xác suất cao nhất. Nếu chỉ để máy tự quyết từ một "
        "xác suất nào đó, còn lại cho người xem:",
        "Each article gets exactly one theme, the likeliest. If the model decides alone only from "
        "some probability on, and people see the rest:",
    ),
    "all_themes": ("mọi chủ đề", "all themes"),
    "threshold_of": ("ngưỡng", "threshold"),
    "given": ("số bài được gán", "articles given it"),
    "for_people": ("cần người xem", "for review"),
    "decided": ("máy tự quyết", "decided alone"),
    "decided_share": ("phần máy tự quyết", "share decided alone"),
    "table": ("bảng các ngưỡng", "table of thresholds"),
    "used": ("đang dùng", "in use"),
    "calibration": ("Xác suất có đáng tin không?", "Can the probabilities be believed?"),
    "calibration_note": (
        "Trong các bài có xác suất quanh 0,8, khoảng 80 % phải thật sự mang chủ đề: chấm nên nằm "
        "trên đường chéo, trong khoảng tin cậy 95 % (Wilson). Cột bên dưới: số bài.",
        "Of the articles with a probability around 0.8, about 80 % should carry the theme: dots "
        "should lie on the diagonal, within their 95 % intervals (Wilson). Below: how many "
        "articles.",
    ),
    "calibration_text": (
        "xác suất quanh {p}: {share} mang chủ đề, {n} bài",
        "probability around {p}: {share} carry the theme, {n} articles",
    ),
    "curves": ("Đúng hơn hay tìm được nhiều hơn", "Surer, or more complete"),
    "curves_note": (
        "Mỗi điểm là một ngưỡng; chấm tròn là ngưỡng đang dùng. Ngang: tìm được; dọc: khi nói có, "
        "đúng. Càng lên cao và sang phải càng tốt.",
        "Each point is a threshold, the dot the one in use. Across: found; up: right when it says "
        "yes. Up and to the right is better.",
    ),
    "curves_note_one": (
        "Mỗi điểm là một ngưỡng; chấm tròn là cách đang dùng: nhận chủ đề có xác suất cao nhất. "
        "Ngang: tìm được; dọc: khi nói có, đúng. Càng lên cao và sang phải càng tốt.",
        "Each point is a threshold, the dot what is done: the likeliest theme is given. Across: "
        "found; up: right when it says yes. Up and to the right is better.",
    ),
    "errors": ("Các lỗi, lỗi chắc chắn nhất trước", "The errors, the surest first"),
    "errors_note": (
        "Mỗi lỗi được giải thích bằng chính mô hình đã sai khi chưa thấy bài ấy. Được tô: mười từ "
        "mạnh nhất ủng hộ, năm từ phản đối. Điểm xuất phát là của bài không có từ nào mô hình "
        "biết. Nếu thẻ không nói gì khác, đó là điều mô hình chưa học: cần thêm bài giống bài ấy.",
        "Each is explained by the very model that erred, which had not seen the article. Painted: "
        "the ten strongest words for the theme, five against it. The start is what an article "
        "without any word the model knows would have. Where a card says nothing else, it is not "
        "learnt: more articles like it would help.",
    ),
    "errors_shown": (
        "Đó là {shown} lỗi chắc chắn nhất trong {n} lỗi; errors.jsonl có các lỗi khác.",
        "They are the {shown} surest of {n} errors; more are in errors.jsonl.",
    ),
    "errors_brief": (
        "Ở {n} lỗi cuối chỉ có đoạn nói rõ nhất, các đoạn khác được cộng lại; chude report -f json "
        "có tất cả.",
        "Of the last {n} only the clearest passage is shown, and the others are summed; chude "
        "report -f json has all.",
    ),
    "errors_where": (
        "Trong {n} bài có sẵn văn bản; lỗi ở bài chỉ có số đếm không đọc được.",
        "Of the {n} articles that came as texts; errors on counts cannot be read.",
    ),
    "errors_of_counts": (
        "Mọi bài chỉ có số đếm; lỗi ở bài chỉ có số đếm không đọc được.",
        "All articles came as counts; errors on counts cannot be read.",
    ),
    "showing": ("đang hiện", "shown"),
    "train_again": (
        "Hãy huấn luyện lại để xem giải thích từng lỗi.",
        "Train again to see errors explained.",
    ),
    "maybe_label": (
        "Nhãn có thể sai: đây là một trong những lỗi mô hình chắc chắn nhất.",
        "The label may be wrong: of all errors the model was surest of these.",
    ),
    "fold": ("phần {fold}", "fold {fold}"),
    "kind": ("loại lỗi", "kind"),
    "all": ("tất cả", "all"),
    "strongest": ("Từ mạnh nhất", "Strongest words"),
    "strongest_note": (
        "Số bài huấn luyện có từ ấy đứng trong ngoặc.",
        "In brackets: how many training articles hold the word.",
    ),
    "digits_note": ("Mỗi chữ số được đọc như 0.", "Each digit is read as 0."),
    "for_article": ("ủng hộ, cả bài", "for, whole article"),
    "for_passage": ("ủng hộ, đoạn", "for, passage"),
    "against_article": ("phản đối, cả bài", "against, whole article"),
    "against_passage": ("phản đối, đoạn", "against, passage"),
    "data": ("Dữ liệu huấn luyện", "Training data"),
    "data_note": (
        "Năm và độ dài: của {n} bài có sẵn văn bản.",
        "Years and lengths: of the {n} articles that came as texts.",
    ),
    "combination": ("các chủ đề đi cùng nhau", "themes together"),
    "none": ("không chủ đề nào", "no theme"),
    "year": ("năm", "year"),
    "no_date": ("không rõ", "unknown"),
    "length": ("độ dài (ký tự)", "length (characters)"),
    "facts": ("Làm ra thế nào", "How it was made"),
    "fact": ("điều", "fact"),
    "trained_on": ("huấn luyện trên", "trained on"),
    "trained_size": (
        "{articles} bài, {passages} đoạn, {words} từ",
        "{articles} articles, {passages} passages, {words} words",
    ),
    "value": ("giá trị", "value"),
    "again": ("lệnh làm lại", "command that makes it again"),
    "fingerprint": ("dấu vân tay dữ liệu", "fingerprint of the data"),
    "segmenter": ("bộ tách từ", "segmenter"),
    "seed": ("hạt giống ngẫu nhiên", "seed"),
    "strictness": ("học chặt đến đâu (C)", "how strictly it learnt (C)"),
    "features": ("số n-gram", "n-grams"),
    "solver": ("thuật toán", "solver"),
    "folds": ("số phần kiểm tra chéo", "folds of the cross-validation"),
    "packages": ("gói phần mềm", "packages"),
    "version": ("phiên bản mô hình", "version of the model"),
    "figure": ("chỉ số", "figure"),
    "exact_match": ("đúng mọi chủ đề", "every theme right"),
    "accuracy": ("đúng chủ đề", "theme right"),
    "not_there": ("Gói này không có số liệu ấy.", "This bundle has no such figures."),
}  # fmt: skip
