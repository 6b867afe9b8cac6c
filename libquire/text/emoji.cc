// Emoji, by the names that people write between colons.
#include <algorithm>
#include <array>
#include <utility>

#include "text/prose.h"

namespace quire::text {

// Sorted by name, laid out by hand.
// clang-format off
static constexpr std::pair<std::string_view, std::string_view> table[] = {
    {"+1", "👍"}, {"-1", "👎"}, {"100", "💯"}, {"adhesive_bandage", "🩹"}, {"alarm_clock", "⏰"}, {"alien", "👽"},
    {"ambulance", "🚑"}, {"apple", "🍎"}, {"arrow_down", "⬇️"}, {"arrow_left", "⬅️"}, {"arrow_right", "➡️"},
    {"arrow_up", "⬆️"}, {"art", "🎨"}, {"balloon", "🎈"}, {"bangbang", "‼️"}, {"bar_chart", "📊"}, {"beer", "🍺"},
    {"beers", "🍻"}, {"bell", "🔔"}, {"bento", "🍱"}, {"bike", "🚲"}, {"bird", "🐦"}, {"black_heart", "🖤"},
    {"blue_heart", "💙"}, {"blush", "😊"}, {"bomb", "💣"}, {"book", "📖"}, {"bookmark", "🔖"},
    {"bookmark_tabs", "📑"}, {"books", "📚"}, {"boom", "💥"}, {"bow", "🙇"}, {"brain", "🧠"}, {"broken_heart", "💔"},
    {"bug", "🐛"}, {"building_construction", "🏗️"}, {"bulb", "💡"}, {"bust_in_silhouette", "👤"},
    {"busts_in_silhouette", "👥"}, {"cactus", "🌵"}, {"calendar", "📆"}, {"camera", "📷"}, {"camera_flash", "📸"},
    {"card_file_box", "🗃️"}, {"cat", "🐱"}, {"chart_with_downwards_trend", "📉"},
    {"chart_with_upwards_trend", "📈"}, {"checkered_flag", "🏁"}, {"children_crossing", "🚸"}, {"clap", "👏"},
    {"clipboard", "📋"}, {"clock1", "🕐"}, {"closed_lock_with_key", "🔐"}, {"cloud", "☁️"}, {"clown_face", "🤡"},
    {"coffee", "☕"}, {"computer", "💻"}, {"confetti_ball", "🎊"}, {"confused", "😕"}, {"construction", "🚧"},
    {"construction_worker", "👷"}, {"cookie", "🍪"}, {"copyright", "©️"}, {"crab", "🦀"}, {"credit_card", "💳"},
    {"crossed_fingers", "🤞"}, {"crown", "👑"}, {"cry", "😢"}, {"crystal_ball", "🔮"}, {"dart", "🎯"}, {"dash", "💨"},
    {"desktop_computer", "🖥️"}, {"diamond_shape_with_a_dot_inside", "💠"}, {"disappointed", "😞"}, {"dizzy", "💫"},
    {"dog", "🐶"}, {"dollar", "💵"}, {"dragon", "🐉"}, {"dragon_face", "🐲"}, {"droplet", "💧"},
    {"earth_africa", "🌍"}, {"earth_americas", "🌎"}, {"earth_asia", "🌏"}, {"egg", "🥚"}, {"elephant", "🐘"},
    {"email", "✉️"}, {"envelope", "✉️"}, {"exclamation", "❗"}, {"exploding_head", "🤯"}, {"eyeglasses", "👓"},
    {"eyes", "👀"}, {"facepalm", "🤦"}, {"fast_forward", "⏩"}, {"file_cabinet", "🗄️"}, {"file_folder", "📁"},
    {"fire", "🔥"}, {"fireworks", "🎆"}, {"fish", "🐟"}, {"flags", "🎏"}, {"flashlight", "🔦"}, {"floppy_disk", "💾"},
    {"fork_and_knife", "🍴"}, {"four_leaf_clover", "🍀"}, {"fox_face", "🦊"}, {"frog", "🐸"}, {"gear", "⚙️"},
    {"gem", "💎"}, {"ghost", "👻"}, {"gift", "🎁"}, {"globe", "🌐"}, {"globe_with_meridians", "🌐"},
    {"goal_net", "🥅"}, {"green_circle", "🟢"}, {"green_heart", "💚"}, {"grey_exclamation", "❕"},
    {"grey_question", "❔"}, {"grin", "😁"}, {"grinning", "😀"}, {"guardsman", "💂"}, {"hammer", "🔨"},
    {"hammer_and_wrench", "🛠️"}, {"handshake", "🤝"}, {"heart", "❤️"}, {"heart_eyes", "😍"}, {"hearts", "♥️"},
    {"heavy_check_mark", "✔️"}, {"heavy_dollar_sign", "💲"}, {"heavy_exclamation_mark", "❗"},
    {"heavy_minus_sign", "➖"}, {"heavy_multiplication_x", "✖️"}, {"heavy_plus_sign", "➕"}, {"herb", "🌿"},
    {"honeybee", "🐝"}, {"hourglass", "⌛"}, {"house", "🏠"}, {"hugs", "🤗"}, {"information_source", "ℹ️"},
    {"innocent", "😇"}, {"iphone", "📱"}, {"jack_o_lantern", "🎃"}, {"japan", "🗾"}, {"joy", "😂"}, {"key", "🔑"},
    {"keyboard", "⌨️"}, {"label", "🏷️"}, {"lady_beetle", "🐞"}, {"large_blue_circle", "🔵"}, {"laughing", "😆"},
    {"leaves", "🍃"}, {"link", "🔗"}, {"lipstick", "💄"}, {"lock", "🔒"}, {"loud_sound", "🔊"}, {"loudspeaker", "📢"},
    {"mag", "🔍"}, {"mag_right", "🔎"}, {"mailbox", "📫"}, {"man_technologist", "👨‍💻"}, {"map", "🗺️"},
    {"mega", "📣"}, {"memo", "📝"}, {"microphone", "🎤"}, {"microscope", "🔬"}, {"money_with_wings", "💸"},
    {"moneybag", "💰"}, {"monkey", "🐒"}, {"monocle_face", "🧐"}, {"moon", "🌔"}, {"mortar_board", "🎓"},
    {"mountain", "⛰️"}, {"movie_camera", "🎥"}, {"muscle", "💪"}, {"mushroom", "🍄"}, {"musical_note", "🎵"},
    {"necktie", "👔"}, {"new", "🆕"}, {"newspaper", "📰"}, {"no_entry", "⛔"}, {"no_entry_sign", "🚫"},
    {"notebook", "📓"}, {"notes", "🎶"}, {"nut_and_bolt", "🔩"}, {"o", "⭕"}, {"ok", "🆗"}, {"ok_hand", "👌"},
    {"open_book", "📖"}, {"open_file_folder", "📂"}, {"open_hands", "👐"}, {"orange_heart", "🧡"}, {"package", "📦"},
    {"page_facing_up", "📄"}, {"page_with_curl", "📃"}, {"paperclip", "📎"}, {"partying_face", "🥳"},
    {"passport_control", "🛂"}, {"pencil", "📝"}, {"pencil2", "✏️"}, {"penguin", "🐧"},
    {"people_holding_hands", "🧑"}, {"pig", "🐷"}, {"pill", "💊"}, {"pinching_hand", "🤏"}, {"pizza", "🍕"},
    {"point_down", "👇"}, {"point_left", "👈"}, {"point_right", "👉"}, {"point_up", "☝️"}, {"popcorn", "🍿"},
    {"pray", "🙏"}, {"purple_heart", "💜"}, {"pushpin", "📌"}, {"question", "❓"}, {"rabbit", "🐰"},
    {"racehorse", "🐎"}, {"rage", "😡"}, {"rainbow", "🌈"}, {"raised_hands", "🙌"}, {"raising_hand", "🙋"},
    {"recycle", "♻️"}, {"red_circle", "🔴"}, {"registered", "®️"}, {"relaxed", "☺️"}, {"rewind", "⏪"},
    {"robot", "🤖"}, {"rocket", "🚀"}, {"rose", "🌹"}, {"rotating_light", "🚨"}, {"round_pushpin", "📍"},
    {"running", "🏃"}, {"safety_vest", "🦺"}, {"satellite", "📡"}, {"scream", "😱"}, {"scroll", "📜"},
    {"see_no_evil", "🙈"}, {"seedling", "🌱"}, {"shield", "🛡️"}, {"ship", "🚢"}, {"shrug", "🤷"}, {"skull", "💀"},
    {"sleeping", "😴"}, {"small_blue_diamond", "🔹"}, {"small_orange_diamond", "🔸"}, {"smile", "😄"},
    {"smiley", "😃"}, {"smirk", "😏"}, {"snail", "🐌"}, {"snake", "🐍"}, {"snowflake", "❄️"}, {"sob", "😭"},
    {"soon", "🔜"}, {"sos", "🆘"}, {"sparkle", "❇️"}, {"sparkles", "✨"}, {"sparkling_heart", "💖"},
    {"speech_balloon", "💬"}, {"star", "⭐"}, {"star2", "🌟"}, {"star_struck", "🤩"}, {"stars", "🌠"},
    {"stethoscope", "🩺"}, {"stop_sign", "🛑"}, {"stopwatch", "⏱️"}, {"sunglasses", "😎"}, {"sunny", "☀️"},
    {"sunrise", "🌅"}, {"surfer", "🏄"}, {"sweat_smile", "😅"}, {"tada", "🎉"}, {"technologist", "🧑‍💻"},
    {"telescope", "🔭"}, {"test_tube", "🧪"}, {"thinking", "🤔"}, {"thought_balloon", "💭"}, {"thread", "🧵"},
    {"thumbsdown", "👎"}, {"thumbsup", "👍"}, {"tiger", "🐯"}, {"timer_clock", "⏲️"}, {"tm", "™️"},
    {"tools", "🛠️"}, {"triangular_flag_on_post", "🚩"}, {"triangular_ruler", "📐"}, {"trophy", "🏆"},
    {"truck", "🚚"}, {"turtle", "🐢"}, {"tv", "📺"}, {"twisted_rightwards_arrows", "🔀"}, {"two_hearts", "💕"},
    {"umbrella", "☔"}, {"unicorn", "🦄"}, {"unlock", "🔓"}, {"up", "🆙"}, {"v", "✌️"},
    {"vertical_traffic_light", "🚦"}, {"warning", "⚠️"}, {"wastebasket", "🗑️"}, {"watch", "⌚"}, {"wave", "👋"},
    {"whale", "🐳"}, {"wheel_of_dharma", "☸️"}, {"wheelchair", "♿"}, {"white_check_mark", "✅"},
    {"white_heart", "🤍"}, {"white_large_square", "⬜"}, {"wink", "😉"}, {"woman_technologist", "👩‍💻"},
    {"world_map", "🗺️"}, {"wrench", "🔧"}, {"writing_hand", "✍️"}, {"x", "❌"}, {"yellow_heart", "💛"},
    {"yum", "😋"}, {"zap", "⚡"}, {"zombie", "🧟"}, {"zzz", "💤"},
};
// clang-format on

std::string_view emoji_named(std::string_view name)
{
    const auto* found = std::lower_bound(std::begin(table), std::end(table), name,
                                         [](const auto& one, std::string_view key) { return one.first < key; });
    return found != std::end(table) && found->first == name ? found->second : std::string_view();
}

} // namespace quire::text
